/* Lets the page of what is kept on this phone open without network. It answers for that page alone. */
const SHELL = 'keep';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

async function fresh(request) {
  try {
    return await fetch(request);
  } catch (gone) {
    const kept = await caches.match(request, { cacheName: SHELL, ignoreVary: true, ignoreSearch: true });
    if (kept) return kept;
    throw gone;
  }
}

async function stored(request) {
  return (await caches.match(request, { cacheName: SHELL, ignoreVary: true })) || fetch(request);
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== 'GET') return;
  if (request.mode === 'navigate') event.respondWith(fresh(request));
  else if (path.startsWith('/static/')) event.respondWith(stored(request));
});
