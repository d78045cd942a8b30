/**
 * Bringing notes to the server, once each: at once, on load, when the network is back, on waking.
 *
 * The server answers a repeated note the same way, so a note may be sent as often as it takes. Only
 * an answer ends the trying; silence never does.
 */
import { all, drop, get, put } from './note_store.js';

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30000;
const PATIENCE = 20000;
const FINAL = [400, 404, 409, 410, 413];
let line = Promise.resolve(true);
let pause = FIRST_PAUSE;
let timer;

export function surface() {
  return document.querySelector('[data-meeting]');
}

export function token() {
  const field = document.querySelector('input[name=csrfmiddlewaretoken]');
  return field ? field.value : '';
}

/** POST fields as a form would; resolves to {status, body}, or null when no answer came. */
export async function post(url, fields) {
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: new URLSearchParams([...fields].filter(([name]) => name !== 'csrfmiddlewaretoken').concat([['csrfmiddlewaretoken', token()]])),
      signal: stop.signal,
    });
    let body = {};
    try {
      body = await answer.json();
    } catch { /* an error page of something in between */ }
    return { status: answer.status, body };
  } catch {
    return null;
  } finally {
    clearTimeout(patience);
  }
}

function fieldsOf(row) {
  const fields = [['client_id', row.client_id], ['receipt', row.receipt], ['text', row.text], ['lang', row.lang]];
  if (row.is_sure) fields.push(['is_sure', '1']);
  if (row.is_parked) fields.push(['is_parked', '1']);
  if (row.signed_name) fields.push(['sign', '1'], ['signed_name', row.signed_name]);
  if (row.version) fields.push(['version', String(row.version)]);
  return fields;
}

function outcome(row, { status, body }) {
  const { is_sure, ...rest } = row;
  if (status === 200) return { ...rest, state: body.state, version: body.version, signed_name: '' };
  const said = { ...rest, why: [body.message, body.hint].filter(Boolean).join(' ') };
  if (body.may_insist) return { ...said, state: 'asks' };
  if ('kept' in body) return { ...said, state: 'conflict', kept: body.kept, version: body.version || 0 };
  if (body.code === 'notes.many' || body.code === 'seats.none') return { ...said, state: 'refused' };
  return FINAL.includes(status) && body.code ? { ...said, state: 'refused' } : null;
}

async function deliver(row) {
  const url = row.replaces ? `${row.url}${row.client_id}/` : row.url;
  const answer = await post(url, fieldsOf(row));
  const after = answer && outcome(row, answer);
  if (!after) return false;
  const now = await get(row.client_id);
  // Taken back to be changed while it was on its way: what the writer does now counts.
  if (!now || now.state !== 'waiting' || now.text !== row.text) return true;
  const isIn = after.state === 'sent' || after.state === 'late';
  if (isIn && surface().hasAttribute('data-shared')) await drop(row.client_id);
  else await put({ ...after, replaces: false });
  if (isIn) document.dispatchEvent(new CustomEvent('sirkel:sent', { detail: { row: after } }));
  return true;
}

async function work() {
  for (const row of await all(surface().dataset.meeting)) {
    if (row.state === 'waiting' && !(await deliver(row))) return false;
  }
  return true;
}

function rest(isDone) {
  clearTimeout(timer);
  if (isDone) {
    pause = FIRST_PAUSE;
  } else {
    timer = setTimeout(flush, pause * (0.75 + Math.random() / 2));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
  return isDone;
}

/** Send what waits, one after the other; resolves to whether nothing waits any more. */
export function flush() {
  line = line.then(work).catch(() => false).then(rest);
  return line;
}

if (surface()) {
  addEventListener('online', flush);
  addEventListener('pageshow', flush);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) flush(); });
}
