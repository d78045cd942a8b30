/**
 * Two minutes before a sign-in ends by itself, says so and offers to go on with one press; nothing typed is lost.
 *
 * Another tab may have been used meanwhile, so the server is asked before anybody is warned.
 */
const WARN_SECONDS = 120;
const strip = document.getElementById('session-end');
const words = strip?.querySelector('[role=alert]');
const form = strip?.querySelector('form');
let ends = 0;
let asking = false;

function setEnd(seconds) {
  ends = Date.now() + seconds * 1000;
  if (seconds > WARN_SECONDS && !strip.hidden) {
    strip.hidden = true;
    words.textContent = '';
  }
}

async function ask(options) {
  const answer = await fetch(strip.dataset.asks, {
    headers: { Accept: 'application/json' },
    redirect: 'error',
    ...options,
  });
  if (!answer.ok) throw new Error(String(answer.status));
  setEnd((await answer.json()).seconds);
}

const goOn = () => ask({ method: 'POST', body: new FormData(form) });

function show(text) {
  strip.hidden = false;
  if (words.textContent !== text) words.textContent = text;
}

async function look() {
  const left = Math.round((ends - Date.now()) / 1000);
  if (left > WARN_SECONDS || asking) return;
  asking = true;
  try {
    await ask();
  } catch {
    // No contact, or signed out elsewhere: what this page knows itself must do.
  }
  asking = false;
  const still = Math.round((ends - Date.now()) / 1000);
  if (still > WARN_SECONDS) return;
  if (still > 0) show(words.dataset.says);
  else {
    show(strip.dataset.over);
    form.hidden = true;
  }
}

if (strip) {
  setEnd(Number(strip.dataset.seconds));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    goOn().catch(() => form.submit());
  });
  setInterval(look, 10000);
  document.addEventListener('visibilitychange', look);
}
