"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const SVG = "http://www.w3.org/2000/svg";
  const KEPT = "chargepile-token";
  const WORDS = {
    Offered: "Waiting for the driver", Charging: "Charging", Paused: "Paused",
    Stopping: "Stopping", Settling: "Settling", Ended: "Session over",
  };
  let shown = null; // the state that is on the page
  let drawnAddress = null;

  // --- the token: from the link, else from the last visit
  const fromLink = /^#token=(.+)$/.exec(location.hash);
  if (fromLink) {
    keep(decoded(fromLink[1]));
    history.replaceState(null, "", location.pathname);
  }
  function decoded(text) {
    try { return decodeURIComponent(text); } catch { return text; } // a % that stands for itself
  }
  function kept() {
    try { return localStorage.getItem(KEPT); } catch { return null; }
  }
  function keep(token) {
    try { localStorage.setItem(KEPT, token); } catch { /* asked again next time */ }
  }
  function ask(path) {
    const token = kept();
    return fetch(path, { cache: "no-store", headers: token ? { Authorization: `Bearer ${token}` } : {} });
  }

  // --- figures
  const number = (value, digits) =>
    value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }).replaceAll(",", "\u202f");
  // Amounts count the smallest unit, which is in their names; people count in another.
  let unit = "msat", symbol = "sat", decimals = 3;
  const of = (object, name) => object[`${name}_${unit}`];
  const places = (amount, most) => {
    let few = most;
    while (few > 0 && amount % 10 ** (decimals - few + 1) === 0) few--;
    return few;
  };
  const coarse = (amount) => unit === "msat" ? number(Math.floor(amount / 1000), 0)
    : number(amount / 10 ** decimals, places(amount, Math.min(decimals, 4)));
  const exact = (amount) => number(amount / 10 ** decimals, places(amount, decimals));
  const wh = (mwh) => mwh >= 1e6 ? `${number(mwh / 1e6, mwh % 1e6 === 0 ? 0 : 2)} kWh` : `${number(mwh / 1e3, 0)} Wh`;
  const clock = (seconds) => {
    const h = Math.floor(seconds / 3600), m = Math.floor(seconds / 60) % 60, s = Math.floor(seconds) % 60;
    const two = (n) => String(n).padStart(2, "0");
    return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  };
  const ago = (seconds) => seconds < 2 ? "just now" : seconds < 120 ? `${Math.round(seconds)} s ago` : `${Math.round(seconds / 60)} min ago`;
  const roughly = (blocks) => {
    const minutes = blocks * 10;
    return minutes < 120 ? `${minutes} min` : minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
  };
  const short = (hex) => hex.length > 14 ? `${hex.slice(0, 8)}…${hex.slice(-4)}` : hex;
  function say(id, text, tone) {
    const at = byId(id);
    if (at.textContent !== text) at.textContent = text;
    if (tone !== undefined) at.className = tone;
  }
  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function amount(count) {
    const made = element("b", "", `${coarse(count)} `);
    made.append(element("small", "", symbol));
    return made;
  }

  // --- the parts of the page
  function show(state) {
    shown = state;
    ({ unit, symbol, decimals } = state.money);
    document.title = `${state.pile} – charging pile`;
    say("pile", state.pile);
    say("version", state.version);
    say("network", state.network);
    byId("network").hidden = false;
    problems(state);
    now(state);
    curve(state);
    money(state);
    channels(state);
    watch(state);
    pile(state);
    const done = state.since_start;
    say("since", `Since the start: ${done.sessions} ${done.sessions === 1 ? "session" : "sessions"}, ${number(done.updates, 0)} updates, ${coarse(of(done, "received"))} ${symbol} received`
      + (of(done, "spent") > 0 ? `, ${coarse(of(done, "spent"))} ${symbol} paid out` : ""));
    document.body.classList.toggle("idle", !state.session || state.session.over);
    byId("locked").hidden = true;
    byId("pile-page").hidden = false;
    if (drawnAddress !== state.address) address(state.address);
  }

  function problems(state) {
    const list = byId("problems");
    list.hidden = state.problems.length === 0;
    list.replaceChildren(...state.problems.map((why) => {
      const fault = /^(fault: [A-Z_]+): (.*)$/.exec(why);
      const line = element("li", "", fault ? fault[1].replaceAll("_", " ") : why);
      if (fault) line.append(element("small", "", fault[2]));
      return line;
    }));
  }

  function now(state) {
    const session = state.session;
    if (state.faults.length > 0) say("state", "Out of order", "pill fault");
    else if (session && session.phase === "Charging") say("state", state.power_w < 0 ? "Feeding back" : "Charging", "pill charging");
    else if (session) say("state", WORDS[session.phase] || session.phase, session.over ? "pill" : "pill waiting");
    else say("state", state.plugged ? "Car plugged in" : "Ready", "pill");
    const watts = state.power_w;
    const big = watts !== undefined && Math.abs(watts) >= 999.5;
    say("power", watts === undefined ? "–" : big ? number(watts / 1000, 1) : number(watts, 0));
    say("power-unit", big || watts === undefined ? "kW" : "W");
    say("line", session ? session.text || (session.phase === "Charging" ? `with driver ${short(session.driver)}` : "") : state.plugged
      ? "Waiting for a driver to connect." : `Up to ${number(state.rated_power_w / 1000, 1)} kW.`);
    const exported = session ? session.export : null;
    const delivered = session ? session.import.delivered_mwh - exported.delivered_mwh : 0;
    const paid = session ? of(session.import, "paid") - of(exported, "paid") : 0;
    say("energy", number(delivered / 1e6, 3));
    say("money-name", paid < 0 ? "Paid out" : "Paid");
    say("money", coarse(Math.abs(paid)));
    say("money-unit", symbol);
    say("time", clock(session ? session.charged_s : 0));
  }

  function money(state) {
    const price = state.price;
    const parts = [`${exact(price[`import_${unit}_per_kwh`])} ${symbol}/kWh`];
    const minute = price[`${unit}_per_minute`];
    if (minute > 0) parts.push(`${exact(minute)} ${symbol}/min`);
    say("price", parts.join(" + "));
    const session = state.session;
    say("updates", session ? number(session.updates, 0) : "–");
    const unpaid = session ? session.unpaid_mwh : 0;
    say("unpaid", wh(unpaid));
    const credit = state.credit_mwh;
    byId("unpaid-bar").style.width = `${credit > 0 ? Math.min(100, 100 * unpaid / credit) : 0}%`;
    say("unpaid-note", credit > 0
      ? `At most ${wh(credit)} are delivered on credit; an update pays for ${wh(state.increment_mwh)}.`
      : `Prepaid: every ${wh(state.increment_mwh)} are paid before they flow.`);
  }

  function channels(state) {
    byId("no-channel").hidden = state.channels.length > 0;
    const few = state.channels.slice(0, 3);
    const cards = few.map((channel) => {
      const card = element("div", "channel");
      const local = of(channel, "local"), remote = of(channel, "remote"), capacity = of(channel, "capacity");
      const sides = element("div", "sides");
      const ours = element("div"), theirs = element("div");
      ours.append(element("span", "key ours", "Pile"), amount(local));
      theirs.append(element("span", "key theirs", "Driver"), amount(remote));
      sides.append(ours, theirs);
      const bar = element("div", "bar");
      bar.setAttribute("role", "img");
      bar.setAttribute("aria-label", `${coarse(local)} of ${coarse(capacity)} ${symbol} are the pile's`);
      const all = local + remote || 1;
      const left = element("i", "ours"), right = element("i", "theirs");
      left.style.width = `${100 * local / all}%`;
      right.style.width = `${100 * remote / all}%`;
      bar.append(left, right);
      const stage = channel.stage === "Normal" ? (channel.connected ? "open, driver connected" : "open, driver away") : channel.stage.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
      card.append(sides, bar, element("p", "quiet",
        `${coarse(capacity)} ${symbol} in ${short(channel.id)}, ${stage}. Commitment ${number(channel.commitment, 0)}.`));
      return card;
    });
    const more = state.channel_count - few.length;
    if (more > 0) cards.push(element("p", "quiet channel", `and ${more} more`));
    byId("channels").replaceChildren(...cards);
  }

  function watch(state) {
    const chain = state.chain;
    say("tip", chain.tip === undefined ? "not seen yet" : number(chain.tip, 0));
    say("look", chain.looked_at ? ago((Date.parse(state.at) - Date.parse(chain.looked_at)) / 1000) : "not yet", chain.ok ? "" : "bad");
    const left = chain.deadline === undefined ? 0 : chain.deadline - chain.tip;
    say("deadline", chain.deadline === undefined ? "none" : `block ${number(chain.deadline, 0)}`);
    say("feerate", chain.feerate_per_kw === undefined ? "–" : `${number(chain.feerate_per_kw / 250, 1)} sat/vB`);
    say("watch-note", !chain.ok ? (chain.selling ? "Energy is sold on until the grace is over." : "Nothing is sold until it is back.")
      : chain.deadline === undefined ? "There is no channel to watch over."
      : `${left} blocks, about ${roughly(left)}, for ${chain.deadline_for}.`);
  }

  function pile(state) {
    say("faults", state.faults.length === 0 ? "none" : state.faults.join(", ").replaceAll("_", " ").toLowerCase(), state.faults.length === 0 ? "good" : "bad");
    say("car", state.plugged ? "plugged in" : "not plugged in");
    say("contactor", state.contactor);
    say("broker", state.broker, state.broker === "connected" ? "" : "bad");
    say("register", `${number(state.energy_import_mwh / 1e6, 1)} kWh` + (state.energy_export_mwh > 0 ? `, ${number(state.energy_export_mwh / 1e6, 1)} back` : ""));
  }

  function address(text) {
    say("address", text);
    ask("address.svg").then((answer) => answer.ok ? answer.text() : Promise.reject(answer.status)).then((svg) => {
      const code = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
      byId("qr").replaceChildren(document.importNode(code, true));
      drawnAddress = text;
    }).catch(() => {}); // the next state asks again
  }

  // --- the curve: an area over time, with as few rules as tell its scale
  function niceCeiling(value) {
    const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
    return [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((n) => n * power).find((n) => n >= value);
  }
  function curve(state) {
    const points = state.curve.power_w;
    byId("no-curve").hidden = points.length > 1;
    const svg = byId("curve");
    svg.replaceChildren();
    if (points.length < 2) return;
    const box = svg.getBoundingClientRect();
    const width = Math.max(box.width, 200), height = Math.max(box.height, 160);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const left = 6, right = width - 56, top = 14, bottom = height - 26;
    const most = Math.max(0, ...points), least = Math.min(0, ...points);
    const high = niceCeiling(Math.max(1000, 1.05 * most, -least / 4));
    const low = least < -high / 50 ? -niceCeiling(Math.max(-least, high / 4)) : 0;
    const x = (i) => left + (right - left) * i / (points.length - 1);
    const y = (w) => bottom - (bottom - top) * (w - low) / (high - low);
    const draw = (tag, attributes, text) => {
      const made = document.createElementNS(SVG, tag);
      for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
      if (text !== undefined) made.textContent = text;
      svg.append(made);
    };
    const levels = low < 0 ? [low, 0, high] : [0, high / 2, high];
    for (const level of levels) {
      draw("line", { class: "rule", x1: left, x2: right, y1: y(level), y2: y(level) });
      draw("text", { x: right + 8, y: y(level) + 4 }, level === 0 ? "0" : `${level / 1000} kW`);
    }
    const path = points.map((w, i) => `${i === 0 ? "M" : "L"}${x(i).toFixed(1)} ${y(w).toFixed(1)}`).join("");
    draw("path", { class: "area", d: `${path}L${right} ${y(0)}L${left} ${y(0)}Z` });
    draw("path", { class: "trace", d: path });
    if (!state.session) draw("text", { x: left + 8, y: top + 18 }, "Last session");
    const last = points[points.length - 1];
    if (state.session && !state.session.over) draw("circle", { class: "dot", cx: right, cy: y(last), r: 6 });
    const seconds = state.curve.step_s * (points.length - 1);
    for (const [share, anchor] of [[0, "start"], [.5, "middle"], [1, "end"]]) {
      draw("text", { x: left + (right - left) * share, y: height - 6, "text-anchor": anchor }, clock(seconds * share));
    }
  }

  // --- once a second, and less often when nobody looks
  function lock() {
    byId("locked").hidden = false;
    byId("pile-page").hidden = true;
    say("live", "locked", "tag live");
  }
  async function look() {
    try {
      const answer = await ask("state.json");
      if (answer.status === 401) return lock();
      if (!answer.ok) throw new Error(`${answer.status}`);
      const state = await answer.json();
      show(state);
      say("live", state.silent ? "pile does not answer" : "live", state.silent ? "tag live off" : "tag live on");
    } catch {
      say("live", "pile does not answer", "tag live off");
    }
  }
  async function forever() {
    for (;;) {
      await look();
      await new Promise((wake) => setTimeout(wake, document.hidden ? 10000 : 1000));
    }
  }
  byId("unlock").addEventListener("click", () => { keep(byId("token").value.trim()); look(); });
  byId("token").addEventListener("keydown", (event) => { if (event.key === "Enter") byId("unlock").click(); });
  addEventListener("resize", () => { if (shown) curve(shown); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  forever();
})();
