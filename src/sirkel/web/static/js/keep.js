/**
 * The page of what is kept on this phone. It opens without network; what is written waits, sealed, and is
 * sent once: every entry has an id of its own, and the server takes an id in once however often it comes.
 */
import { all, drop, mayKeep, put, wipe } from './keep_store.js';
import { find } from './national_id.js';
import { newId } from './note_store.js';

const SHELL = 'keep';
const list = document.getElementById('kept');
const waiting = document.getElementById('waiting');
const said = document.getElementById('keep-said');
const news = 'BroadcastChannel' in self ? new BroadcastChannel('sirkel-keep') : null;
let sending = false;

function say(name) {
  said.textContent = said.dataset[name];
}

function fill(template, words) {
  const made = document.getElementById(template).content.firstElementChild.cloneNode(true);
  for (const [name, text] of Object.entries(words)) {
    const place = made.querySelector(`[data-fill="${name}"]`);
    if (place) place.textContent = text;
  }
  return made;
}

function place(thing, number) {
  const made = fill(`keep-${thing.kind}`, { title: thing.title, counted: thing.counted });
  made.dataset.id = thing.id;
  made.querySelector('[data-fill="title"]').lang = thing.lang;
  for (const one of made.querySelectorAll('[id]')) one.id = `${one.id}-${number}`;
  for (const one of made.querySelectorAll('[for]')) one.htmlFor = `${one.htmlFor}-${number}`;
  for (const one of made.querySelectorAll('[aria-describedby]')) {
    one.setAttribute('aria-describedby', one.getAttribute('aria-describedby').split(' ').map((id) => `${id}-${number}`).join(' '));
  }
  const count = made.querySelector('[data-counted]');
  if (count && !thing.counted) count.remove();
  const plan = made.querySelector('[data-open]');
  if (plan) plan.href = thing.url;
  return made;
}

function entry(thing) {
  const made = fill('keep-entry', { what: thing.said, why: thing.why || '' });
  made.dataset.state = thing.why ? 'refused' : 'waiting';
  made.dataset.id = thing.id;
  return made;
}

async function show() {
  const things = mayKeep() ? await all() : [];
  const places = things.filter((thing) => thing.is === 'place');
  list.replaceChildren(...places.map(place));
  waiting.replaceChildren(...things.filter((thing) => thing.is === 'entry').map(entry));
  document.getElementById('keep-none').hidden = places.length > 0;
  document.getElementById('keep-some').hidden = things.length === 0;
}

/** Show what is kept now, in every tab. */
function changed() {
  if (news) news.postMessage('changed');
  return show();
}

/** Give one entry to the server: 'kept', 'no-contact', or why it was not taken in. */
async function deliver(thing) {
  try {
    const page = await fetch(thing.url, { credentials: 'same-origin', cache: 'no-store' });
    const shown = new DOMParser().parseFromString(await page.text(), 'text/html');
    const guard = shown.querySelector('input[name=csrfmiddlewaretoken]');
    if (page.status === 429 || page.status >= 500) return { state: 'no-contact' };
    if (!guard) return { state: 'refused', why: shown.querySelector('h1')?.textContent.trim() || String(page.status) };
    const fields = new URLSearchParams({ ...thing.fields, csrfmiddlewaretoken: guard.value });
    const answer = await fetch(thing.url, { method: 'POST', body: fields, headers: { Accept: 'application/json' } });
    if (answer.ok) return { state: 'kept' };
    if (answer.status === 429 || answer.status >= 500) return { state: 'no-contact' };
    const { message = '', hint = '' } = await answer.json();
    return { state: 'refused', why: `${message} ${hint}`.trim() };
  } catch {
    return { state: 'no-contact' };
  }
}

async function sendAll() {
  for (const thing of (await all()).filter((one) => one.is === 'entry' && !one.why)) {
    const { state, why } = await deliver(thing);
    if (state === 'no-contact') return;
    if (state === 'kept') {
      await drop(thing.id);
      const home = (await all()).find((one) => one.id === thing.url);
      if (home) await put(home);
      say('sent');
    } else {
      await put({ ...thing, why });
      say('refused');
    }
    await changed();
  }
}

/** Send what waits, one entry after the other; a second call while one runs does nothing. */
async function send() {
  if (sending || !mayKeep()) return;
  sending = true;
  try {
    if (navigator.locks) await navigator.locks.request('sirkel-keep', sendAll);
    else await sendAll();
  } finally {
    sending = false;
  }
}

async function keepEntry(form, pressed) {
  const card = form.closest('[data-id]');
  const sent = new FormData(form);
  if (pressed.name) sent.set(pressed.name, pressed.value);
  const fields = Object.fromEntries([...sent].filter(([name, value]) => value || name === pressed.name));
  const words = fields.text || '';
  if (find(words).some((one) => one.severity === 'HIGH')) return say('id');
  if (form.dataset.needs && !fields[form.dataset.needs]) return say('empty');
  const id = newId();
  const what = [card.querySelector('[data-fill="title"]').textContent, pressed.textContent.trim(), words];
  await put({ id, is: 'entry', url: card.dataset.id, fields: { ...fields, client_id: id }, said: what.filter(Boolean).join(' · ') });
  form.reset();
  say('waits');
  await changed();
  return send();
}

/** Let this page, its style and its scripts open without network. */
async function keepShell() {
  await navigator.serviceWorker.register(document.body.querySelector('[data-worker]').dataset.worker);
  const wanted = [location.pathname, ...performance.getEntriesByType('resource').map((one) => one.name)
    .filter((name) => new URL(name).pathname.startsWith('/static/'))];
  const cache = await caches.open(SHELL);
  await cache.addAll([...new Set(wanted)]);
  const now = new Set(wanted.map((one) => new URL(one, location).href));
  for (const request of await cache.keys()) if (!now.has(request.url)) await cache.delete(request);
}

document.addEventListener('submit', (event) => {
  const form = event.target.closest('form[data-keep]');
  if (!form) return;
  event.preventDefault();
  keepEntry(form, event.submitter);
});
document.addEventListener('click', async (event) => {
  const forget = event.target.closest('[data-forget]');
  const away = event.target.closest('[data-drop]');
  if (forget) {
    await wipe();
    await caches.delete(SHELL);
    for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
    say('forgotten');
  } else if (away) {
    await drop(away.closest('[data-id]').dataset.id);
  } else {
    return;
  }
  await changed();
});
if (news) news.onmessage = show;
for (const name of ['online', 'pageshow', 'visibilitychange']) addEventListener(name, () => { if (!document.hidden) send(); });

await show();
if (mayKeep() && (await all()).length) await keepShell().catch(() => {});
document.body.dataset.ready = 'yes';
send();
