/**
 * Build the third-party part of the look into src/sirkel/web/static/vendor/.
 *
 *   npm ci && npm run build
 *
 * Out come
 *   designsystemet.css        theme and the components every page needs, the phone first of all
 *   designsystemet-wide.css   the components only wide pages need, to be loaded after it
 *   drawings/*.svg            the small drawings those styles mask with, as files, so that the
 *                             content security policy need not allow data: addresses
 *   icons.json                the paths of the Aksel icons named in tools/icons.json
 *
 * Everything is generated from installed packages and our own configuration; nothing is copied
 * into the repository.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { transform } from 'lightningcss';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const out = join(root, 'src', 'sirkel', 'web', 'static', 'vendor');
const scratch = join(root, 'build', 'design-tokens-css');

const everywhere = [
  'base',
  'button',
  'link',
  'skip-link',
  'label',
  'input',
  'field',
  'fieldset',
  'validation-message',
  'card',
  'tag',
  'alert',
];
const wide = ['error-summary', 'dialog', 'details', 'table', 'pagination'];

/** Browsers from about 2021 on: an Android 8 phone with a Chrome of its last generation. */
const targets = { chrome: 100 << 16, firefox: 102 << 16, safari: (15 << 16) | (4 << 8) };

function designsystemet(...args) {
  const bin = join(modules, '@digdir', 'designsystemet', 'dist', 'bin', 'designsystemet.js');
  execFileSync(process.execPath, [bin, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

/**
 * Make the theme with Designsystemet's own command line, then keep one copy of each scheme.
 *
 * As generated it holds every colour four times: light, light on request, dark on request, dark
 * when the system asks. Sirkel follows the system, so two remain, both on the root element.
 */
function theme() {
  designsystemet('tokens', 'create', '--clean', 'true', '--config', 'designsystemet.config.json');
  designsystemet('tokens', 'build', '--clean', 'true', '-t', 'build/design-tokens', '-o', scratch);
  const [file] = readdirSync(scratch).filter((name) => name.endsWith('.css'));
  const keep = (selector) =>
    selector
      .split(',')
      .map((part) => part.trim())
      .filter((part) => !/^\[data-(color-scheme|typography)[^\]]*\]/.test(part))
      .join(', ');
  const text = readFileSync(join(scratch, file), 'utf8').replace(/\/\*[^]*?\*\//g, '');
  const lightAgain = /@media \(prefers-color-scheme: light\) \{\s*\[data-color-scheme="auto"\] \{[^}]*\}\s*\}/g;
  return text
    .replace(lightAgain, '')
    .replace(/\[data-color-scheme="auto"\] \{/g, ':root {')
    .replace(/^([^@\n{}]+) \{/gm, (whole, selector) => `${keep(selector) || '.none'} {`)
    .replace(/^\.none \{[^}]*\}/gm, '')
    .replace(/^@charset[^;]*;/m, '');
}

const drawings = new Map();

/** Put every data: drawing of a style sheet into a file of its own and point at that. */
function withoutData(css) {
  return css.replace(/url\("data:image\/svg\+xml[^,]*,([^"]+)"\)/g, (whole, encoded) => {
    const svg = decodeURIComponent(encoded);
    const name = `${createHash('sha256').update(svg).digest('hex').slice(0, 8)}.svg`;
    drawings.set(name, svg);
    return `url("drawings/${name}")`;
  });
}

function component(name) {
  const file = join(modules, '@digdir', 'designsystemet-css', 'dist', 'src', `${name}.css`);
  const layer = name === 'base' ? 'ds.base' : 'ds.components';
  const text = readFileSync(file, 'utf8').replace(/@charset[^;]*;/g, '');
  return /@layer/.test(text) ? text : `@layer ${layer}{${text}}`;
}

function write(name, parts) {
  const order = '@layer ds.theme, ds.base, ds.components, sirkel;\n';
  const { code } = transform({
    filename: name,
    code: Buffer.from(order + withoutData(parts.join('\n'))),
    minify: true,
    targets,
  });
  writeFileSync(join(out, name), code);
  console.log(`${name}: ${code.length} bytes, ${gzipSync(code, { level: 9 }).length} compressed`);
}

function icons() {
  const { icons: wanted } = JSON.parse(readFileSync(join(root, 'tools', 'icons.json'), 'utf8'));
  const require = createRequire(import.meta.url);
  const svgs = join(dirname(require.resolve('@navikt/aksel-icons/package.json')), 'dist', 'svg');
  const paths = {};
  for (const [name, drawing] of Object.entries(wanted)) {
    const svg = readFileSync(join(svgs, `${drawing}.svg`), 'utf8');
    paths[name] = [...svg.matchAll(/<path [^>]*?\bd="([^"]+)"/g)].map((match) => match[1]);
    if (!paths[name].length) throw new Error(`${drawing} holds no path`);
  }
  writeFileSync(join(out, 'icons.json'), `${JSON.stringify(paths)}\n`);
  console.log(`icons.json: ${Object.keys(paths).length} icons`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, 'drawings'), { recursive: true });
write('designsystemet.css', [theme(), ...everywhere.map(component)]);
write('designsystemet-wide.css', wide.map(component));
for (const [name, svg] of drawings) writeFileSync(join(out, 'drawings', name), svg);
icons();
