// A phone at a closed door asks every few seconds whether it still waits, and goes on when it does not.
const EVERY_MS = 4000, HIDDEN_MS = 15000;
const address = document.querySelector('[data-waits]').dataset.waits;
let asking;

async function ask() {
  clearTimeout(asking);
  try {
    const answer = await fetch(address, { headers: { Accept: 'application/json' } });
    const waits = answer.ok ? (await answer.json()).waits : ![403, 404, 410].includes(answer.status);
    if (!waits) {
      location.reload();
      return;
    }
  } catch { /* no network just now */ }
  asking = setTimeout(ask, document.hidden ? HIDDEN_MS : EVERY_MS);
}

document.addEventListener('visibilitychange', () => { if (!document.hidden) ask(); });
addEventListener('pageshow', (event) => { if (event.persisted) ask(); });
asking = setTimeout(ask, EVERY_MS);
