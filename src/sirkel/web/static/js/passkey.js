/**
 * <form data-passkey="create|get" data-options|data-from>: asks the browser for a passkey before the form is sent.
 *
 * Options come as the server wrote them, in the page or from an address; bytes travel as base64url (WebAuthn level 3).
 * A form that is hidden is shown only where the browser has passkeys.
 */
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const withBytes = (list = []) => list.map((one) => ({ ...one, id: toBytes(one.id) }));

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options).publicKey;
  const answer = await fetch(form.dataset.from, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).request_options.publicKey;
}

function written(credential) {
  const { id, type, rawId, response, authenticatorAttachment } = credential;
  const names = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
  const parts = Object.fromEntries(names.filter((name) => response[name]).map((name) => [name, toText(response[name])]));
  if (response.getTransports) parts.transports = response.getTransports();
  return {
    id,
    type,
    rawId: toText(rawId),
    response: parts,
    authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function create(options) {
  return navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials),
      // Kept where it can be found without an address, if the device can do that: then it signs in alone.
      authenticatorSelection: { ...options.authenticatorSelection, residentKey: 'preferred', requireResidentKey: false },
    },
  });
}

async function get(options) {
  return navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      allowCredentials: withBytes(options.allowCredentials),
    },
  });
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll('form[data-passkey]') : []) {
  const alert = form.querySelector('[data-error]');
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    alert.textContent = '';
    try {
      const ask = form.dataset.passkey === 'create' ? create : get;
      form.elements.credential.value = JSON.stringify(written(await ask(await optionsOf(form))));
      form.submit();
    } catch {
      alert.textContent = alert.dataset.error;
    }
  });
}
