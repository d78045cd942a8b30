/**
 * <note-outbox data-round data-url data-state>: writing on a phone whose network comes and goes.
 *
 * Takes over the plain form inside it. A draft is kept from the first letter; a note is on the
 * phone's disk before its field is emptied; its row says what became of it. The words for every
 * state are in the page's <template data-row>, in the reader's language.
 */
import { find } from './national_id.js';
import { heldAmong } from './note_held.js';
import { flush, surface } from './note_sender.js';
import { all, drop, newId, newReceipt, put } from './note_store.js';

const DRAFT_PAUSE = 300;
const OVER = ['sent', 'late'];
let carried = null;  // the row of a field that was just replaced: the next letter goes on with it

class NoteOutbox extends HTMLElement {
  connectedCallback() {
    this.meeting = surface().dataset.meeting;
    this.isShared = surface().hasAttribute('data-shared');
    this.form = this.querySelector('form#writer');
    this.area = this.form && this.form.querySelector('textarea[name=text]');
    this.toggleAttribute('data-reads-only', !this.area);
    this.show = this.show.bind(this);
    this.save = this.save.bind(this);
    document.addEventListener('sirkel:notes', this.show);
    document.addEventListener('visibilitychange', this.save);
    addEventListener('pagehide', this.save);
    this.addEventListener('input', (event) => { if (event.target === this.area) this.keep(); });
    this.addEventListener('submit', (event) => { if (event.target === this.form) this.send(event); });
    this.addEventListener('click', (event) => {
      const button = event.target.closest('button[data-do]');
      if (button) this.press(button);
    });
    if (carried && this.area && carried.round === this.dataset.round) this.hold(carried);
    carried = null;
    this.restore();
  }

  disconnectedCallback() {
    document.removeEventListener('sirkel:notes', this.show);
    document.removeEventListener('visibilitychange', this.save);
    removeEventListener('pagehide', this.save);
    this.save();
    carried = this.row || null;
  }

  words(name) {
    return document.querySelector(`template[data-row=${name}]`).content;
  }

  /** The row this field writes into: made at the first letter, the same until the note is sent. */
  begin() {
    if (!this.row) {
      this.row = {
        client_id: newId(), receipt: newReceipt(), meeting: this.meeting, round: this.dataset.round,
        url: this.dataset.url, lang: this.form.elements.lang.value, state: 'draft', place: this.next || 0,
      };
      this.hold(this.row);
    }
    return this.row;
  }

  /** Let the field, as a script or as a plain form, write into this row. */
  hold(row) {
    this.row = row;
    this.form.elements.client_id.value = row.client_id;
    this.form.elements.receipt.value = row.receipt;
  }

  keep() {
    this.problem('');
    this.begin();
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.save(), DRAFT_PAUSE);
    this.isUnsaved = true;
  }

  /** Put on disk what stands in the field: a moment after the last letter, and before phone or step moves on. */
  save() {
    clearTimeout(this.keeping);
    if (!this.row || !this.isUnsaved) return;
    this.isUnsaved = false;
    if (this.area.value.trim()) put({ ...this.row, text: this.area.value });
    else drop(this.row.client_id);
  }

  /** Empty the field; what is typed next is a note of its own. */
  empty() {
    this.area.value = '';
    this.area.dispatchEvent(new Event('input', { bubbles: true }));
    this.letGo();
  }

  letGo() {
    clearTimeout(this.keeping);
    this.isUnsaved = false;
    this.row = null;
  }

  /** Another tab sent the note that stands here: the same words go, other words go on as a note of their own. */
  yield(sent) {
    if (this.area.value.trim() === sent.text.trim()) {
      this.empty();
    } else {
      this.letGo();
      this.keep();
    }
  }

  async restore() {
    const rows = await all(this.meeting);
    const draft = rows.find((row) => row.state === 'draft' && row.round === this.dataset.round);
    const isOpen = this.area && (!this.row || (draft && this.row.client_id === draft.client_id));
    if (draft && isOpen) this.take(draft, this.area.value.trim() ? this.area.value : draft.text);
    else if (this.area && !this.row && this.area.value.trim()) this.keep();  // typed before this script was here
    this.show();
  }

  /** Put a row's words into the field, to go on with them. */
  take(row, text) {
    this.hold({ ...row, state: 'draft' });
    this.area.value = text;
    this.area.dispatchEvent(new Event('input', { bubbles: true }));
  }

  problem(name) {
    const line = this.form.querySelector('[data-problem]');
    const text = name ? this.words(name).textContent.trim() : '';
    line.hidden = !text;
    line.textContent = text;
    if (!text) {
      this.area.removeAttribute('aria-invalid');
      return;
    }
    this.area.setAttribute('aria-invalid', 'true');
    this.area.focus();
  }

  /** Say what stands in the way of sending; empty when nothing does. */
  stop(text) {
    if (!text.trim()) return 'empty';
    if ([...text].length > Number(this.area.dataset.counts)) return 'too-long';
    const found = find(text).map((finding) => finding.severity);
    if (found.includes('HIGH')) return 'hard-stop';
    if (found.includes('MEDIUM') && this.sure !== text) {
      this.sure = text;
      return 'soft-stop';
    }
    return '';
  }

  async send(event) {
    event.preventDefault();
    if (this.isSending) return;
    const text = this.area.value;
    const stop = this.stop(text);
    if (stop) {
      this.problem(stop);
      return;
    }
    this.isSending = true;
    clearTimeout(this.keeping);
    this.isUnsaved = false;
    const fields = this.form.elements;
    const signs = fields.sign && fields.sign.checked;
    await put({
      ...this.begin(), text, state: 'waiting', is_sure: this.sure === text,
      is_parked: Boolean(event.submitter && event.submitter.name === 'is_parked'),
      signed_name: signs ? fields.signed_name.value : '',
    });
    this.empty();
    this.isSending = false;
    flush();
  }

  async press(button) {
    const task = button.dataset.do;
    if (task === 'print') window.print();
    if (task === 'copy') this.copy(button);
    if (task === 'forget') {
      drop(...(await all(this.meeting)).filter((row) => OVER.includes(row.state)).map((row) => row.client_id));
    }
    const holder = button.closest('li[data-client]');
    const row = holder && (await all(this.meeting)).find((each) => each.client_id === holder.dataset.client);
    if (!row) return;
    if (task === 'drop') await drop(row.client_id);
    if (task === 'accept') await put({ ...row, text: row.kept, state: 'sent' });
    if (task === 'send') await put({ ...row, state: 'waiting' });
    if (task === 'insist') await put({ ...row, state: 'waiting', is_sure: true });
    if (task === 'replace') await this.replace(row);
    if (task === 'change' && this.area) await this.change(row);
    flush();
  }

  /** Send the new words: as a change while the note can be changed, else as a note of its own. */
  async replace(row) {
    if (row.version) {
      await put({ ...row, state: 'waiting', replaces: true });
      return;
    }
    await put({ ...row, text: row.kept, state: 'sent' });
    await put({ ...row, client_id: newId(), receipt: newReceipt(), state: 'waiting', place: this.next });
  }

  async change(row) {
    if (this.row && this.area.value.trim()) await put({ ...this.row, text: this.area.value });
    this.letGo();
    await put({ ...row, state: 'draft' });
    this.take(row, row.text);
    this.show();
    this.area.focus();
  }

  async copy(button) {
    const text = [...this.querySelectorAll('#own > li')].map((line) => line.innerText).join('\n\n');
    try {
      await navigator.clipboard.writeText(text);
      button.querySelector('span').textContent = button.dataset.done;
    } catch {
      getSelection().selectAllChildren(this.querySelector('#own'));
    }
  }

  /** Which template a row is shown with here; empty when it is not shown. */
  look(row) {
    if (row.state === 'draft') {
      const isInField = this.row && this.row.client_id === row.client_id;
      return isInField || !row.text.trim() ? '' : 'unsent';
    }
    if (!OVER.includes(row.state)) return row.state;
    if (this.held.has(row.client_id)) return 'held';
    if (this.dataset.state === 'over') return 'sent';
    if (row.round !== this.dataset.round) return '';
    return this.dataset.state === 'open' ? row.state : 'shown';
  }

  async show() {
    const rows = await all(this.meeting);
    this.held = await heldAmong(rows.filter((row) => OVER.includes(row.state)));
    if (!this.isConnected) return;
    const here = this.row && rows.find((row) => row.client_id === this.row.client_id);
    if (here && here.state !== 'draft' && !this.isSending) this.yield(here);
    this.next = rows.reduce((most, row) => Math.max(most, row.place), 0) + 1;
    const list = this.querySelector('#own');
    const shown = this.querySelector('#own-shown') || list;
    for (const old of this.querySelectorAll('[data-local]')) old.remove();
    for (const row of rows) {
      const fromServer = list.querySelector(`[data-client="${row.client_id}"]`);
      const look = this.look(row);
      if (fromServer) {
        if (OVER.includes(row.state)) this.receipt(fromServer, row);
      } else if (look) {
        const line = this.words(look).firstElementChild.cloneNode(true);
        line.dataset.client = row.client_id;
        line.dataset.local = '';
        line.querySelector('[data-words]').textContent = row.text;
        line.querySelector('[data-words]').lang = row.lang;
        for (const [name, text] of [['why', row.why], ['kept', row.kept]]) {
          const place = line.querySelector(`[data-${name}]`);
          if (place) place.textContent = text || '';
        }
        if (OVER.includes(row.state)) this.receipt(line, row);
        (look === 'shown' ? shown : list).append(line);
      }
    }
    const receipts = this.querySelector('#receipts');
    if (receipts) receipts.hidden = !list.children.length;
  }

  receipt(line, row) {
    if (this.isShared || line.querySelector('.receipt')) return;
    const part = this.words('receipt').firstElementChild.cloneNode(true);
    part.querySelector('[data-receipt]').textContent = row.receipt.replace(/(.{4})(?=.)/g, '$1-');
    if (this.dataset.state === 'over') part.open = true;
    (line.querySelector('.do') || line).append(part);
  }
}

if (surface()) {
  customElements.define('note-outbox', NoteOutbox);
  flush();
}
