// The facilitator surface: a sign of life every twenty seconds, one place for refusals, and news at once.
import { announce } from './announce.js';
import './lead_drag.js';

const BEAT_MS = 20000;

class LeadPulse extends HTMLElement {
  connectedCallback() {
    this.wake = () => { if (!document.hidden) this.beat(); };
    document.addEventListener('visibilitychange', this.wake);
    document.addEventListener('sirkel:changed', () => this.show());
    this.beating = setInterval(() => this.beat(), BEAT_MS);
    this.beat();
  }

  disconnectedCallback() {
    clearInterval(this.beating);
    document.removeEventListener('visibilitychange', this.wake);
  }

  async beat() {
    try {
      const answer = await fetch(this.dataset.src, { method: 'POST', headers: { 'X-CSRFToken': this.dataset.token } });
      if (answer.ok) this.state = await answer.json();
    } catch { return; }
    this.show();
  }

  // The surface is the same for every facilitator who looks; whose hands are on it is known only here.
  show() {
    if (!this.state) return;
    const mine = this.state.mine;
    const driver = document.getElementById('driver');
    if (driver && driver.dataset.driver !== this.holder) {
      // The controls have changed hands: ask at once whose they are now.
      this.holder = driver.dataset.driver;
      this.beat();
    }
    if (driver) driver.hidden = !this.state.running || mine;
    const take = document.getElementById('take-over');
    if (take) take.closest('form').hidden = !this.state.free;
    const give = document.getElementById('hand-over');
    if (give) give.closest('li').hidden = !mine;
  }
}

customElements.define('lead-pulse', LeadPulse);

document.addEventListener('sirkel-done', (event) => {
  const form = event.target.closest?.('form');
  if (form) {
    form.reset();
    form.closest('details')?.removeAttribute('open');
  }
  document.getElementById('line')?.refresh();
  document.querySelector('lead-pulse')?.beat();
});

// A button may belong to its form from afar; its value is part of what is sent.
document.addEventListener('htmx:configRequest', (event) => {
  const button = event.detail.triggeringEvent?.submitter;
  if (button?.name) event.detail.formData.set(button.name, button.value);
});

// Carried out, with nothing to tell: what was refused before is settled.
document.addEventListener('htmx:afterRequest', (event) => {
  if (event.detail.xhr.status === 204) document.getElementById('refusal')?.replaceChildren();
});

// A refusal comes with its own status and is shown where refusals are shown.
document.addEventListener('htmx:beforeSwap', (event) => {
  if (event.detail.xhr.getResponseHeader('HX-Retarget') !== '#refusal') return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
document.addEventListener('htmx:afterSwap', (event) => {
  if (event.detail.xhr.getResponseHeader('HX-Retarget') !== '#refusal') return;
  document.getElementById('refusal')?.scrollIntoView({ block: 'center' });
  document.getElementById('line')?.refresh();
});

// A button that stands outside its form says what was pressed; htmx looks only at buttons inside.
document.addEventListener('click', (event) => {
  const button = event.target.closest?.('button[form][name]');
  const form = button?.form;
  if (!form || form.contains(button)) return;
  let pressed = form.querySelector('input[data-pressed]');
  if (!pressed) {
    pressed = document.createElement('input');
    pressed.type = 'hidden';
    pressed.dataset.pressed = '';
    form.append(pressed);
  }
  pressed.name = button.name;
  pressed.value = button.value;
}, true);

announce();
