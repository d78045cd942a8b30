/**
 * What somebody chose to keep on their own phone, for places without network: links to trials, and what is
 * written about them until it is sent.
 *
 * Every row is sealed with AES-GCM; the key was made on this phone and cannot be read out of the browser.
 * A row lives for seven days after it was last kept. On a shared phone nothing is kept.
 */
const LIFE = 7 * 24 * 60 * 60 * 1000;
const KEY = 'key';
let opening;

/** Whether this browser can keep things safely, and is somebody's own. */
export function mayKeep() {
  return isSecureContext && 'serviceWorker' in navigator && 'indexedDB' in self && !!(crypto && crypto.subtle)
    && !document.cookie.split('; ').includes('shared_phone=1');
}

function open() {
  opening = opening || new Promise((resolve, reject) => {
    const asked = indexedDB.open('sirkel-keep', 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('keys');
      asked.result.createObjectStore('rows', { keyPath: 'id' });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opening;
}

async function act(store, mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, mode);
    const asked = work(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(asked && asked.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

async function key() {
  const known = await act('keys', 'readonly', (store) => store.get(KEY));
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  // Another tab may have been quicker: the first key stays.
  await act('keys', 'readwrite', (store) => store.add(made, KEY)).catch(() => {});
  return act('keys', 'readonly', (store) => store.get(KEY));
}

/** Keep a thing `{id, …}` for seven days from now, over what was kept under its id. */
export async function put(thing) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const words = new TextEncoder().encode(JSON.stringify(thing));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await key(), words);
  await act('rows', 'readwrite', (store) => store.put({ id: thing.id, iv, sealed, until: Date.now() + LIFE }));
}

/** Everything that is kept and not too old; what is too old, or cannot be read, is thrown away. */
export async function all() {
  const rows = await act('rows', 'readonly', (store) => store.getAll());
  const found = [];
  for (const { id, iv, sealed, until } of rows) {
    try {
      if (until < Date.now()) throw new RangeError('too old');
      const words = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, await key(), sealed);
      found.push(JSON.parse(new TextDecoder().decode(words)));
    } catch {
      await drop(id);
    }
  }
  return found;
}

/** Forget one thing. */
export async function drop(id) {
  await act('rows', 'readwrite', (store) => store.delete(id));
}

/** Forget everything, the key too. */
export async function wipe() {
  await act('rows', 'readwrite', (store) => store.clear());
  await act('keys', 'readwrite', (store) => store.clear());
}
