// <live-room data-src data-poll data-version>: keeps a surface in step with the server.
// Server-sent events by default; a short poll where streams do not get through.

const POLL = 4000, POLL_HIDDEN = 15000, PATIENCE = 15000;

class LiveRoom extends HTMLElement {
  connectedCallback() {
    this.version = Number(this.dataset.version);
    this.skew = null;
    this.wake = (event) => {
      if (!document.hidden && (event.type !== "pageshow" || event.persisted)) this.refresh().then(() => this.reopen());
    };
    for (const name of ["online", "pageshow"]) addEventListener(name, this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.open();
    this.beat = setInterval(() => this.tick(), 1000);
    this.tick();
  }

  disconnectedCallback() {
    for (const name of ["online", "pageshow"]) removeEventListener(name, this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    clearInterval(this.beat);
    clearTimeout(this.polling);
    this.source?.close();
  }

  // After sleep a stream may look open and never say anything again: what it missed is fetched, and it is opened anew.
  reopen() {
    this.source?.close();
    this.open();
  }

  open() {
    if (!this.isConnected) return;
    if (this.source && this.source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.polling);
    const join = this.dataset.src.includes("?") ? "&" : "?";
    this.source = new EventSource(`${this.dataset.src}${join}last=${this.version}`);
    for (const name of ["state", "patch"]) {
      this.source.addEventListener(name, (event) => this.take(Number(event.lastEventId), event.data));
    }
    this.source.addEventListener("clock", (event) => { this.skew = Number(event.data) - Date.now(); this.tick(); });
    this.source.addEventListener("over", () => { this.source.close(); this.refresh(); });
    this.source.addEventListener("open", () => this.mark("live"));
    this.source.addEventListener("error", () => {
      // The browser reconnects by itself and keeps the last id; only a stream that was refused is polled instead.
      if (this.source.readyState === EventSource.CLOSED) this.poll(); else this.mark("waiting");
    });
  }

  poll() {
    clearTimeout(this.polling);
    this.polling = setTimeout(async () => {
      const answered = await this.refresh();
      if (answered) this.open(); else this.poll();
    }, document.hidden ? POLL_HIDDEN : POLL);
  }

  async refresh() {
    const stop = new AbortController();
    const patience = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const join = this.dataset.poll.includes("?") ? "&" : "?";
      const answer = await fetch(`${this.dataset.poll}${join}last=${this.version}`, { headers: { Accept: "text/html" }, signal: stop.signal });
      if (!answer.ok && answer.status !== 204) { if ([403, 404, 410].includes(answer.status)) location.reload(); return false; }
      const now = Number(answer.headers.get("X-Now"));
      if (now) this.skew = now - Date.now();
      if (answer.status === 204) { this.mark("live"); this.tick(); return true; }
      this.take(Number(answer.headers.get("X-Version")), await answer.text(), true);
      return true;
    } catch { this.mark("waiting"); return false; } finally { clearTimeout(patience); }
  }

  take(version, html, isWhole = false) {
    if (version < this.version || (version === this.version && !isWhole)) return;
    this.version = version;
    const sheet = document.createElement("template");
    sheet.innerHTML = html;
    const before = document.querySelector("[data-round]")?.dataset.round;
    for (const fresh of [...sheet.content.children]) this.replace(fresh);
    const after = document.querySelector("[data-round]")?.dataset.round;
    this.mark("live");
    this.tick();
    document.dispatchEvent(new CustomEvent("sirkel:changed", { detail: { version } }));
    if (before !== after) {
      document.dispatchEvent(new CustomEvent("sirkel:round", { detail: { before, after } }));
      document.body.dispatchEvent(new CustomEvent("sirkel-round"));
    }
  }

  replace(fresh) {
    const old = document.getElementById(fresh.id);
    if (!old) return this.insert(fresh);
    if (old.outerHTML === fresh.outerHTML) return;
    // What somebody is typing, has opened or stands on survives the change around it.
    const kept = [...old.querySelectorAll("input[id]:not([type=hidden]), textarea[id], select[id]")].map((field) => [
      field.id, field.type === "checkbox" || field.type === "radio" ? field.checked : field.value,
      field.type === "checkbox" || field.type === "radio" ? field.defaultChecked : field.defaultValue,
    ]);
    const opened = [...old.querySelectorAll("details[id][open]")].map((part) => part.id);
    const focus = old.contains(document.activeElement) ? document.activeElement.id : "";
    const place = focus && document.activeElement.selectionStart;
    old.replaceWith(fresh);
    for (const [id, value, initial] of kept) {
      const field = document.getElementById(id);
      if (!field || value === initial) continue;
      if (typeof value === "boolean") field.checked = value; else field.value = value;
    }
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    const again = focus && document.getElementById(focus);
    if (again) {
      again.focus({ preventScroll: true });
      if (typeof place === "number") try { again.setSelectionRange(place, place); } catch { /* not a text field */ }
    }
    window.htmx?.process(fresh);
  }

  // One line of a list comes alone: it goes where its id puts it, so that the order says nothing of when it came.
  insert(fresh) {
    const list = document.getElementById(fresh.dataset.into ?? "");
    if (!list) return;
    list.insertBefore(fresh, [...list.children].find((line) => line.id > fresh.id) ?? null);
    window.htmx?.process(fresh);
  }

  mark(state) {
    document.documentElement.dataset.line = state;
  }

  // Clocks: elements with data-ends (epoch ms of the server) show what is left; a wrong clock on the phone does not matter.
  // Until the server has said what time it is, the minutes it wrote into the page stand.
  tick() {
    if (this.skew === null) return;
    for (const clock of document.querySelectorAll("[data-ends]")) {
      const left = Math.ceil((Number(clock.dataset.ends) - Date.now() - this.skew) / 60000);
      const text = left > 0 ? clock.dataset.left.replace("%d", left) : clock.dataset.over;
      const target = clock.querySelector("[data-clock-text]") ?? clock;
      if (target.textContent !== text) target.textContent = text;
      const arc = clock.querySelector("[data-clock-arc]");
      if (arc) {
        const share = Math.max(0, Math.min(1, (Number(clock.dataset.ends) - Date.now() - this.skew) / Number(clock.dataset.whole)));
        arc.setAttribute("stroke-dashoffset", String(100 - 100 * share));
      }
    }
  }
}

customElements.define("live-room", LiveRoom);
