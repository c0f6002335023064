// The widget's loader: one line on a host's page. Until someone presses its button it asks for nothing, keeps nothing, and moves
// nothing on the page; then it opens the assistant in a frame. LISEZMOI.md describes its options. ES2019, served as it stands here
// but for its comments.
(() => {
  "use strict";
  const served = "%served%"; // filled in by the server: {name, color, textColor, words: {fr, en}}
  const NAME = "assistant-widget";
  const WAIT = 4000; // milliseconds until a frame that has not told that it is there counts as refused, or away
  const LEAST_CONTRAST = 4.5; // WCAG 2.2, 1.4.3
  const script = document.currentScript;
  const base = new URL(".", script.src);
  const given = Object.assign({}, script.dataset);

  // --- options -------------------------------------------------------------------------------------------------------

  function warn(text) {
    console.warn(`${NAME}: ${text}`);
  }

  function oneOf(name, allowed) {
    const value = given[name] === undefined ? allowed[0] : given[name].trim().toLowerCase();
    if (value === "") return name === "open" ? "true" : allowed[0]; // as HTML has it, `data-open` alone is set
    if (allowed.includes(value)) return value;
    warn(`data-${name}="${given[name]}" is none of ${allowed.join(", ")}; ${allowed[0]} is used`);
    return allowed[0];
  }

  const language = oneOf("language", ["fr", "en"]);
  const words = served.words[language];
  const isInline = oneOf("mode", ["floating", "inline"]) === "inline";
  const side = oneOf("position", ["right", "left"]);
  const context = oneOf("context", ["none", "page"]);
  const opens = oneOf("open", ["false", "true"]) === "true";
  const label = (given.label || "").trim() || words.label;

  function address() {
    const asked = new URLSearchParams({ origin: location.origin, language });
    if (!isInline && !small.matches) asked.set("can", "widen");
    for (const name of ["question", "publisher"]) if (given[name]) asked.set(name, given[name].trim());
    for (const theme of (given.theme || "").split(",")) if (theme.trim()) asked.append("theme", theme.trim());
    if (context === "page") {
      const canonical = document.querySelector("link[rel=canonical]");
      asked.set("page", (canonical && canonical.href) || location.origin + location.pathname);
      asked.set("title", document.title);
    }
    // Behind "#": what stands there is sent to no server.
    return `${new URL("widget", base)}#${asked}`;
  }

  // --- colours -------------------------------------------------------------------------------------------------------

  // An opaque CSS colour as [r, g, b]; null for none. What a canvas does not take leaves its colour as it was.
  function rgb(text) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.fillStyle = "#010203";
    pen.fillStyle = text;
    const found = pen.fillStyle !== "#010203" && pen.fillStyle.match(/^#(..)(..)(..)$/);
    return found ? found.slice(1).map((pair) => parseInt(pair, 16)) : null;
  }

  function luminance(color) {
    const [r, g, b] = color.map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }

  function contrast(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  // What cannot be read is not shown: the text is then black or white.
  function colors() {
    const ground = given.color ? rgb(given.color) : null;
    if (given.color && !ground) warn(`data-color="${given.color}" is no opaque colour`);
    const color = ground || rgb(served.color);
    const text = given.textColor ? rgb(given.textColor) : ground ? null : rgb(served.textColor);
    if (given.textColor && !text) warn(`data-text-color="${given.textColor}" is no opaque colour`);
    if (text && contrast(color, text) >= LEAST_CONTRAST) return [color, text];
    if (text) warn(`the label's contrast is below ${LEAST_CONTRAST}:1; black or white is used`);
    const [white, black] = [[255, 255, 255], [0, 0, 0]];
    return [color, contrast(color, white) >= contrast(color, black) ? white : black];
  }

  // --- what it looks like --------------------------------------------------------------------------------------------

  const SMALL = "(max-width: 640px), (max-height: 480px)"; // there the panel fills the screen
  const css = `
    * { box-sizing: border-box; }
    :is(button, a, p, span) { font: 500 16px/1.4 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    [hidden] { display: none !important; }
    button { margin: 0; cursor: pointer; -webkit-tap-highlight-color: transparent; }
    :focus-visible { outline: 3px solid Highlight; outline: 3px solid var(--ring); outline-offset: 2px; }
    .launcher {
      display: flex; align-items: center; gap: 10px; min-height: 52px; max-width: calc(100vw - 32px); padding: 10px 20px 10px 16px;
      border: 2px solid transparent; border-radius: 28px; background: var(--color); color: var(--text);
      box-shadow: 0 2px 12px rgb(0 0 0 / 0.28), 0 0 0 1.5px rgb(255 255 255 / 0.85);
    }
    .launcher:hover span { text-decoration: underline; text-underline-offset: 3px; }
    .floating > .launcher { position: fixed; bottom: calc(16px + env(safe-area-inset-bottom)); }
    .launcher svg { flex: none; }
    .panel {
      display: flex; flex-direction: column; margin: 0; padding: 0; border: 1px solid #6b7680; border-radius: 12px; overflow: hidden;
      background: Canvas; color: CanvasText; color-scheme: light dark;
    }
    .panel:not([open]) { display: none; }
    .panel::backdrop { background: none; }
    .floating > .panel {
      position: fixed; inset: auto; bottom: calc(16px + env(safe-area-inset-bottom)); width: 420px; max-width: calc(100vw - 32px);
      height: 760px; max-height: calc(100vh - 32px); box-shadow: 0 8px 40px rgb(0 0 0 / 0.35);
    }
    .floating.right > * { right: calc(16px + env(safe-area-inset-right)); }
    .floating.left > * { left: calc(16px + env(safe-area-inset-left)); }
    .floating > .panel.wide { width: 800px; }
    .inline { display: block; border: 1px solid #6b7680; border-radius: 12px; padding: 20px; background: Canvas; color: CanvasText; color-scheme: light dark; }
    .inline p { margin: 0 0 14px; }
    .inline.opened { padding: 0; border: 0; }
    .inline > .panel { position: relative; width: 100%; max-width: none; height: 640px; max-height: 90vh; }
    .head { display: flex; align-items: center; gap: 12px; padding: 6px 6px 6px 16px; background: var(--color); color: var(--text); }
    .head p { flex: 1; margin: 0; font-weight: 600; line-height: 1.25; overflow-wrap: anywhere; }
    .head :focus-visible { outline-color: var(--text); outline-offset: -4px; }
    .close { display: grid; place-items: center; flex: none; width: 44px; height: 44px; padding: 0; border: 0; border-radius: 8px; background: none; color: inherit; }
    .state { margin: 0; padding: 20px 16px; font-weight: 400; }
    .state a { display: inline-block; padding: 8px 0; color: LinkText; font-weight: 600; }
    iframe { flex: 1; width: 100%; min-height: 0; border: 0; background: Canvas; }
    .unready iframe { position: absolute; visibility: hidden; }
    @media ${SMALL} {
      .floating > .panel, .floating > .panel.wide {
        inset: 0; top: var(--top, 0px); width: 100vw; max-width: none; height: var(--visible, 100dvh); max-height: none; border: 0; border-radius: 0;
        padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
        background: var(--color); overscroll-behavior: contain;
      }
      .floating > .panel .state { flex: 1; background: Canvas; }
      .head { touch-action: none; }
    }
    @media (max-width: 400px) {
      .floating > .launcher { width: 56px; height: 56px; justify-content: center; padding: 0; }
      .floating > .launcher span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    }
    @media (prefers-reduced-motion: no-preference) {
      .floating > .panel[open] { animation: rise 160ms ease-out; }
      @keyframes rise { from { opacity: 0; transform: translateY(12px); } }
    }
    @media (prefers-contrast: more) { .launcher, .panel { border: 2px solid; } }
    @media print { .floating { display: none; } }`;

  function styled(root) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
    } catch (error) {
      root.append(made("style", {}, css)); // a browser of before 2023
    }
  }

  // --- building ------------------------------------------------------------------------------------------------------

  function made(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function icon(path, size) {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const attributes = { viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor" };
    Object.entries(attributes).concat([["stroke-width", 2], ["stroke-linecap", "round"], ["stroke-linejoin", "round"], ["aria-hidden", true]])
      .forEach(([name, value]) => drawn.setAttribute(name, value));
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path);
    drawn.append(line);
    return drawn;
  }

  function link() {
    return made("a", { href: base.href, target: "_blank", rel: "noopener" }, words.elsewhere);
  }

  // Its own element takes nothing from the page's style sheets: each property stands in its style attribute, and is important.
  function hostElement() {
    const host = document.createElement(NAME);
    const floats = { position: "fixed", inset: "auto", width: "0", height: "0", overflow: "visible", "z-index": "2147483647" };
    const flows = { display: "block", margin: "24px 0", "max-width": "none" };
    const style = Object.assign({ all: "initial", direction: "ltr" }, isInline ? flows : floats);
    for (const [name, value] of Object.entries(style)) host.style.setProperty(name, value, "important");
    host.lang = language;
    return host;
  }

  const host = hostElement();
  const shade = host.attachShadow && window.HTMLDialogElement ? host.attachShadow({ mode: "open" }) : null;
  const box = made("div", { class: isInline ? "inline" : `floating ${side}` });
  const launcher = made("button", { class: "launcher", type: "button" }, icon("M21 12a8 8 0 0 1-8 8H4l2-3.5A8 8 0 1 1 21 12Z", 26), made("span", {}, label));
  const close = made("button", { class: "close", type: "button", "aria-label": words.close }, icon("M6 6l12 12M18 6L6 18", 24));
  const title = made("p", { id: "title", lang: "fr" }, served.name);
  const state = made("p", { class: "state", role: "status" });
  const panel = made("dialog", { class: "panel unready", "aria-labelledby": "title", id: "panel" }, made("div", { class: "head" }, title, close), state);
  const small = window.matchMedia(SMALL);
  let frame = null;
  let waiting = 0;

  // --- opening and closing -------------------------------------------------------------------------------------------

  function makeFrame() {
    const attributes = {
      title: served.name,
      lang: "fr",
      // Without allow-same-origin Gradio does not start; a tab opened from here is a tab like others (without the last one, what
      // it opens stays within this sandbox, where a browser shows no PDF file and refuses the publications' own pages).
      sandbox: "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox",
      allow: "clipboard-write",
      referrerpolicy: "no-referrer",
    };
    frame = made("iframe", attributes);
    panel.append(frame);
  }

  // Again at each opening until it has told that it is there.
  function load() {
    if (!frame) makeFrame();
    frame.src = address();
    state.textContent = words.loading; // in what is shown already, so that it is heard
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (isUnready()) state.replaceChildren(`${words.away} `, link());
    }, WAIT);
  }

  function isUnready() {
    return panel.classList.contains("unready");
  }

  function isOpen() {
    return panel.hasAttribute("open");
  }

  // On a phone the rest of the page is out of reach, as it is out of sight; beside it, it is not. Not dialog.show(), which takes
  // the focus even where nobody has pressed anything.
  function show() {
    if (!isInline && small.matches) panel.showModal();
    else panel.setAttribute("open", "");
  }

  function open(isAsked) {
    show();
    if (isUnready()) load();
    launcher.hidden = true;
    box.classList.add("opened");
    if (box.firstChild.matches("p")) box.firstChild.hidden = true;
    fit();
    if (isAsked) focusFrame();
  }

  function focusFrame() {
    (isUnready() ? close : frame).focus();
  }

  function shut() {
    const hadFocus = shade.activeElement !== null;
    panel.close();
    launcher.hidden = false;
    box.classList.remove("opened");
    if (box.firstChild.matches("p")) box.firstChild.hidden = false;
    if (hadFocus) launcher.focus();
  }

  // What a phone's keyboard leaves to be seen.
  function fit() {
    const seen = window.visualViewport;
    if (isInline || !seen || !isOpen()) return;
    panel.style.setProperty("--visible", `${seen.height}px`);
    panel.style.setProperty("--top", `${seen.offsetTop}px`);
  }

  // --- what the frame tells ------------------------------------------------------------------------------------------

  function bare(hostname) {
    return hostname.replace(/^www\./, "");
  }

  // The frame's word is not enough: only an address of this very site is gone to.
  function follow(href) {
    let target;
    try {
      target = new URL(String(href));
    } catch (error) {
      return;
    }
    const isHere = bare(target.hostname) === bare(location.hostname) && target.port === location.port;
    if (isHere && /^https?:$/.test(target.protocol) && !target.username) location.assign(target.href);
  }

  const told = {
    ready() {
      const waits = shade.activeElement === close;
      panel.classList.remove("unready");
      state.hidden = true;
      if (waits) frame.focus();
    },
    resize(message) {
      panel.classList.toggle("wide", message.wide === true);
    },
    close: shut,
    open(message) {
      follow(message.href);
    },
  };

  function hear(event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== base.origin) return;
    const message = event.data;
    const name = message && message.assistant;
    if (typeof name === "string" && Object.prototype.hasOwnProperty.call(told, name)) told[name](message);
  }

  // --- putting it there ----------------------------------------------------------------------------------------------

  function place() {
    let target = null;
    try {
      target = given.target ? document.querySelector(given.target) : null;
    } catch (error) {
      // no selector: told below
    }
    if (target) return target.append(host);
    if (given.target) warn(`data-target="${given.target}" is not on this page`);
    if (document.body.contains(script)) script.after(host);
    else document.body.append(host);
  }

  function float() {
    document.body.append(host);
    // In the top layer nothing of the page lies over it, and no transformed ancestor moves it.
    if (host.showPopover) host.showPopover();
  }

  function withoutShadow() {
    const plain = link();
    plain.textContent = label;
    document.body.append(plain); // an old browser gets what needs nothing
  }

  // A copy of a page that was kept (Turbo) has an element, but nothing in it.
  function isThere() {
    const other = document.querySelector(`${NAME}[data-floating]`);
    if (other && !other.shadowRoot) other.remove();
    return Boolean(other && other.shadowRoot);
  }

  function start() {
    if (!isInline && isThere()) return warn("is on this page already");
    if (!shade) return withoutShadow();
    const [color, text] = colors();
    box.style.setProperty("--color", `rgb(${color})`);
    box.style.setProperty("--text", `rgb(${text})`);
    box.style.setProperty("--ring", `rgb(${color})`);
    launcher.setAttribute("aria-haspopup", "dialog");
    if (isInline) box.append(made("p", {}, words.invite.replace("{name}", served.name)));
    box.append(launcher, panel);
    styled(shade);
    shade.append(box);
    launcher.addEventListener("click", () => open(true));
    close.addEventListener("click", shut);
    panel.addEventListener("cancel", (event) => {
      event.preventDefault();
      shut();
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      shut();
    });
    // The page's own handlers, which may swallow keys or count clicks, are left out.
    for (const name of ["keydown", "keypress", "keyup", "click"]) box.addEventListener(name, (event) => event.stopPropagation());
    small.addEventListener("change", () => {
      if (isInline || !isOpen()) return;
      const active = shade.activeElement;
      panel.close();
      show();
      if (active) active.focus();
    });
    if (window.visualViewport) ["resize", "scroll"].forEach((name) => window.visualViewport.addEventListener(name, fit));
    window.addEventListener("message", hear);
    if (isInline) place();
    else {
      host.dataset.floating = "";
      host.popover = "manual";
      float();
      // A page that is replaced without being loaded anew (Turbo, pjax) takes its body along.
      new MutationObserver(() => host.isConnected || isThere() || float()).observe(document.documentElement, { childList: true });
    }
    // Nobody who has asked for nothing finds a whole screen covered.
    if (opens && (isInline || !small.matches)) open(false);
  }

  if (document.body && document.readyState !== "loading") start();
  else document.addEventListener("DOMContentLoaded", start);
})();
