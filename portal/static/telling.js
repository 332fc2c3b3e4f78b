// What the portal tells: messages that come and go, heard by screen readers, and a sync's end in every tab, once each.
(() => {
  "use strict";
  const toastSeconds = 8;
  const toasts = () => document.getElementById("toasts");

  // Success goes away by itself, unless somebody is reading it, or nobody looks at this tab.
  const dismiss = (toast) => {
    // The progress of a run goes on watching unseen: its result must still arrive.
    if (toast.hasAttribute("data-keep")) toast.hidden = true;
    else toast.remove();
  };
  const time = (toast) => {
    let timer;
    const start = () => {
      if (document.hidden) {
        document.addEventListener("visibilitychange", start, { once: true });
        return;
      }
      timer = setTimeout(() => {
        toast.classList.add("leaving");
        setTimeout(() => toast.remove(), 300);
      }, toastSeconds * 1000);
    };
    const stop = () => clearTimeout(timer);
    const resume = () => {
      if (!toast.matches(":hover, :focus-within")) {
        stop();
        start();
      }
    };
    toast.addEventListener("mouseenter", stop);
    toast.addEventListener("focusin", stop);
    toast.addEventListener("mouseleave", resume);
    toast.addEventListener("focusout", () => setTimeout(resume));
    start();
  };
  // After several things in a row only the last is told; what is told again in the same words replaces the former.
  const makeRoom = () => {
    const fresh = [...document.querySelectorAll(".flash:not([data-keep], [data-seen])")];
    const words = fresh.map((toast) => toast.innerText);
    const isNews = fresh.some((toast) => toast.matches("[data-fades]:not([data-result])"));
    document.querySelectorAll(".flash[data-seen]:not(:has(form), :hover, :focus-within)").forEach((toast) => {
      const passed = isNews && toast.matches("[data-fades]:not([data-result])");
      if (passed || words.includes(toast.innerText)) toast.remove();
    });
    fresh.forEach((toast) => toast.setAttribute("data-seen", ""));
  };
  const timeToasts = () =>
    document.querySelectorAll(".flash[data-fades]:not([data-timed])").forEach((toast) => {
      toast.setAttribute("data-timed", "");
      time(toast);
    });
  document.addEventListener("click", (event) => {
    const toast = event.target.closest("[data-dismiss]")?.closest(".flash");
    if (toast) dismiss(toast);
  });

  // Screen readers hear a region that was there before its text; what comes with its text already in it stays unheard.
  const region = (name) => toasts().querySelector(`[data-heard="${name}"]`);
  const say = (part) => {
    const [place, words] = [region("count"), part.innerText.trim().replace(/\s+/g, " ")];
    if (place.textContent !== words) place.textContent = words; // what is told again and again is said once
  };
  let counted = "";
  const hear = (first) => {
    document.querySelectorAll(".flash[role]").forEach((toast) => {
      region(toast.getAttribute("role")).append(toast);
      toast.removeAttribute("role");
    });
    // How many there are is news only when it changes.
    document.querySelectorAll(".visually-hidden[role='status']:not([data-heard])").forEach((count) => {
      const before = counted;
      counted = count.textContent;
      count.removeAttribute("role");
      if (first || counted === before) return;
      say(count);
      count.textContent = "";
    });
    document.querySelectorAll("[data-says]").forEach((part) => {
      part.removeAttribute("data-says");
      if (first) return;
      say(part);
      counted = "";
    });
  };

  // Runs that this browser tells of: the address of their progress → until when. What one tab has begun, every tab
  // tells the end of, even one whose page was made before the sync began and arrived after it.
  const [day, minute] = [24 * 60 * 60 * 1000, 60 * 1000];
  const read = (store, key, none) => JSON.parse(store.getItem(key) ?? none);
  const shown = (state) => [...document.querySelectorAll(`[data-${state}]`)].map((element) => element.dataset[state]);
  const isShown = (run) => [...shown("progress"), ...shown("result")].includes(run);
  const asked = new Set(); // by this page: what was refused is not asked for again
  const fetchRun = async (run, isNews) => {
    asked.add(run);
    const answer = await fetch(`${run}&whole=yes`, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || isShown(run)) return;
    const part = document.createElement("template");
    part.innerHTML = await answer.text();
    const news = [...part.content.children];
    toasts().append(part.content);
    news.forEach((element) => htmx.process(element));
    settle();
    // what else an open page shows of runs is from before
    if (isNews)
      document.body.dispatchEvent(new CustomEvent(shown("progress").includes(run) ? "runChanged" : "runEnded"));
  };
  const follow = (isNews) => {
    const runs = read(localStorage, "runs", "{}");
    const before = JSON.stringify(runs);
    const told = new Set([...read(sessionStorage, "told", "[]"), ...shown("result")]);
    shown("progress").forEach((run) => {
      runs[run] ??= Date.now() + day;
    });
    shown("result")
      .filter((run) => run in runs)
      .forEach((run) => {
        runs[run] = Math.min(runs[run], Date.now() + minute);
      });
    Object.keys(runs)
      .filter((run) => runs[run] < Date.now())
      .forEach((run) => {
        delete runs[run];
      });
    if (JSON.stringify(runs) !== before) localStorage.setItem("runs", JSON.stringify(runs));
    sessionStorage.setItem("told", JSON.stringify([...told].slice(-50)));
    Object.keys(runs)
      .filter((run) => !told.has(run) && !asked.has(run) && !isShown(run))
      .forEach((run) => fetchRun(run, isNews));
  };
  window.addEventListener("storage", (event) => {
    if (event.key === "runs") follow(true);
  });

  const settle = () => {
    makeRoom();
    timeToasts();
    hear(false);
    follow(false);
  };
  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("htmx:beforeRequest", (event) => {
    const asking = event.detail.elt.querySelector?.(".asking");
    if (asking) say(asking);
  });
  document.addEventListener("toasted", settle);
  setTimeout(() => hear(true), 100); // the regions stand there by then
  makeRoom();
  timeToasts();
  follow(false);
})();
