// What was typed and not saved: it is said while one types, and asked about before one goes elsewhere.
(() => {
  "use strict";
  const changed = () => [...document.querySelectorAll("form[data-unsaved].changed")];

  const differs = (field) => {
    if (!field.name || field.type === "hidden" || field.type === "submit") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName !== "SELECT") return field.value !== (field.defaultValue ?? "");
    const given = [...field.options].some((option) => option.defaultSelected);
    return [...field.options].some(
      (option, place) => option.selected !== (given ? option.defaultSelected : place === 0 && !field.multiple),
    );
  };
  const tell = (form) =>
    form
      .closest(".window")
      ?.querySelectorAll("[data-says-unsaved]")
      .forEach((place) => {
        place.textContent = form.classList.contains("changed") ? "Unsaved changes" : "";
      });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-unsaved]");
    if (!form) return;
    // What the server has sent as changed stays so; what was typed no longer counts once the old value is back.
    if (form.classList.contains("changed") && !form.hasAttribute("data-typed")) return;
    form.setAttribute("data-typed", "");
    form.classList.toggle("changed", [...form.elements].some(differs));
    tell(form);
  });
  document.addEventListener("submit", ({ target }) => {
    target.toggleAttribute("data-sent", target.classList.contains("changed"));
    target.classList.remove("changed");
  });
  // What came to nothing, as when the portal cannot be reached, is as unsaved as before.
  document.addEventListener(
    "htmx:afterRequest",
    ({
      detail: {
        requestConfig: { elt: form },
        successful,
        xhr,
      },
    }) => {
      if (!form.matches("form[data-sent]") || successful || xhr.getResponseHeader("HX-Redirect")) return;
      form.classList.add("changed");
      tell(form);
    },
  );
  window.addEventListener("beforeunload", (event) => {
    if (changed().length) event.preventDefault();
  });

  // The question: a bar at the foot of what is being edited. `go` is what was wanted, `stay` puts back what had begun.
  let wish = null;
  const bar = () => document.getElementById("leave");
  const answer = () => {
    bar()?.remove();
    const asked = wish;
    wish = null;
    return asked;
  };
  const ask = (go, stay) => {
    const from = wish?.from ?? document.activeElement;
    answer();
    const [form] = changed();
    wish = { go, stay, form, from };
    const place = form.closest(".window") ?? form.closest("main");
    place.append(document.getElementById("leave-question").content.cloneNode(true));
    bar().querySelector("[data-leave='save']").focus();
  };
  const answers = {
    stay: ({ form, stay, from }) => {
      stay?.();
      (from.isConnected
        ? from
        : (form.querySelector(":is(input, select, textarea):not([type='hidden'], :disabled)") ?? form)
      ).focus();
    },
    discard: ({ go }) => {
      changed().forEach((form) => form.classList.remove("changed"));
      go();
    },
    save: (asked) => {
      wish = { ...asked, saving: true };
      asked.form.requestSubmit(asked.form.querySelector("button[name='action'][value='save']"));
    },
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-leave]");
    if (button) answers[button.dataset.leave](answer());
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!wish?.saving || event.detail.requestConfig.elt !== wish.form) return;
    const { go } = answer();
    const { status } = event.detail.xhr; // htmx calls no answer that leads to another page a success
    if (status >= 200 && status < 400) go();
  });

  // Three ways to go elsewhere: another part in place of the form, another page, and closing the dialog.
  document.addEventListener("htmx:confirm", (event) => {
    const { verb, target, elt, path } = event.detail;
    if (verb !== "get" || !target?.querySelector("form[data-unsaved].changed")) return;
    event.preventDefault();
    const address = elt.matches("form") ? `${path}?${new URLSearchParams(new FormData(elt))}` : path;
    ask(
      () => htmx.ajax("GET", address, { target: `#${target.id}`, swap: "outerHTML" }),
      () => elt.reset?.(),
    );
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]:not([hx-get], [data-close], [download], [target], [href^='#'])");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !changed().length)
      return;
    event.preventDefault();
    ask(() => window.location.assign(link.href));
  });
  document.addEventListener("closing", (event) => {
    if (!changed().length) return;
    event.preventDefault();
    ask(event.detail.close);
  });
})();
