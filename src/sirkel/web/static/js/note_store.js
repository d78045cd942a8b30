/**
 * What this phone keeps of its own notes: drafts, notes on their way, receipts. One row per note.
 *
 * In IndexedDB; where a browser refuses that, in memory for as long as the page lives. Tabs tell
 * each other of every change and read again. No row holds a time or a name of a person.
 *
 * A row: client_id, receipt, meeting, round, url, text, lang, place, state and what the state needs.
 * state: draft | waiting | sent | late | refused | asks | conflict
 */
const TABLE = 'notes';
const memory = new Map();
const news = 'BroadcastChannel' in self ? new BroadcastChannel('sirkel-notes') : null;
let opening;

function open() {
  opening = opening || new Promise((resolve) => {
    let asked;
    try {
      asked = indexedDB.open('sirkel', 1);
    } catch {
      resolve(null);
      return;
    }
    asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE, { keyPath: 'client_id' });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(null);
  });
  return opening;
}

async function act(mode, work) {
  const database = await open();
  if (!database) return null;
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(TABLE, mode);
    const asked = work(transaction.objectStore(TABLE));
    transaction.oncomplete = () => resolve({ value: asked && asked.result });
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

function tell() {
  if (news) news.postMessage('changed');
  document.dispatchEvent(new CustomEvent('sirkel:notes'));
}

/** Keep a row; resolves when it is on the phone's disk. */
export async function put(row) {
  memory.set(row.client_id, row);
  try {
    await act('readwrite', (table) => table.put(row));
  } catch { /* full or forbidden: the page still has it */ }
  tell();
}

/** Every row of a meeting, in the order they were begun. */
export async function all(meeting) {
  let rows = [...memory.values()];
  try {
    const found = await act('readonly', (table) => table.getAll());
    if (found) rows = found.value;
  } catch { /* as above */ }
  return rows.filter((row) => row.meeting === meeting).sort((one, other) => one.place - other.place);
}

/** One row as it stands now, or undefined. */
export async function get(id) {
  try {
    const found = await act('readonly', (table) => table.get(id));
    if (found) return found.value;
  } catch { /* as above */ }
  return memory.get(id);
}

/** Forget rows for good. */
export async function drop(...ids) {
  for (const id of ids) memory.delete(id);
  try {
    await act('readwrite', (table) => { for (const id of ids) table.delete(id); });
  } catch { /* nothing was there */ }
  tell();
}

if (news) news.onmessage = () => document.dispatchEvent(new CustomEvent('sirkel:notes'));

function hex(byte) {
  return byte.toString(16).padStart(2, '0');
}

/** A random id for a note (UUID version 4); also where crypto.randomUUID is missing. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const text = [...bytes].map(hex).join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}

/** A receipt of 80 random bits: sixteen signs of Crockford's base 32. */
export function newReceipt() {
  const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => signs[byte & 31]).join('');
}
