// A strict sign-in service: npm's oidc-provider under the FAPI 2.0 security profile, with people of no importance.
// node tests/oidc/provider.mjs PORT CLIENT: CLIENT is JSON with client_id, redirect_uris and jwks.
// It demands pushed requests, PKCE with S256, private_key_jwt and the issuer in its answer, and puts a national number
// (a synthetic one) into the ID token, as ID-porten does.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [port, client] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
const levels = ['idporten-loa-substantial', 'idporten-loa-high'];

const provider = new Provider(issuer, {
  acrValues: ['idporten-loa-low', ...levels],
  claims: { openid: ['sub', 'pid', 'name'], acr: null, auth_time: null, iss: null, sid: null },
  clients: [{
    ...JSON.parse(client),
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'PS256',
    id_token_signed_response_alg: 'ES256',
    require_pushed_authorization_requests: true,
  }],
  conformIdTokenClaims: false,
  cookies: { keys: ['not kept'] },
  features: {
    devInteractions: { enabled: false },
    fapi: { enabled: true, profile: '2.0' },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
  },
  findAccount: (_ctx, sub) => ({
    accountId: sub,
    claims: () => ({ sub, pid: '12057900499', name: 'Kari Prøveperson' }),
  }),
  interactions: { url: (_ctx, interaction) => `/show/${interaction.uid}` },
  jwks: { keys: [{ ...key, alg: 'ES256', use: 'sig', kid: 'strict' }] },
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      accountId: ctx.oidc.session.accountId,
      clientId: ctx.oidc.client.clientId,
    });
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  },
  pkce: { required: () => true },
  scopes: ['openid'],
});

const page = (levels_) => `<!doctype html><html lang="en"><title>Strict ID</title><form method="post">
<label>Who <input name="sub"></label><label>Level <select name="acr">${levels_
  .map((level) => `<option>${level}</option>`).join('')}</select></label><button>Show it</button></form>`;

async function show(request, response) {
  if (request.method !== 'POST') {
    response.setHeader('Content-Type', 'text/html');
    response.end(page([...levels, 'idporten-loa-low']));
    return;
  }
  let body = '';
  for await (const part of request) body += part;
  const said = new URLSearchParams(body);
  await provider.interactionFinished(request, response, {
    login: { accountId: said.get('sub'), acr: said.get('acr'), remember: false },
  });
}

const others = provider.callback();
createServer((request, response) => (
  request.url.startsWith('/show/') ? show(request, response) : others(request, response)
)).listen(Number(port), '127.0.0.1');
