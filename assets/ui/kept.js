// What a form held when its reader was sent to show again who they are (/me/confirm). In this tab's memory only, for as long as the proof
// holds: secrets that were typed are written nowhere.
const LIFE = 10 * 60 * 1000;
const CONFIRM = "/me/confirm";
const kept = new Map();

const named = (form) => [...form.elements].map((control) => control.name).filter(Boolean).join(" ");
const place = (form, path) => `${path} ${named(form)}`;

export const leadsToProof = (path) => path.split("?")[0] === CONFIRM;
export const keep = (form) => kept.set(place(form, location.pathname), { fields: new FormData(form), until: Date.now() + LIFE });
export const forget = (form) => kept.delete(place(form, location.pathname));
export const isKeeping = () => kept.size > 0;

// Puts back what was typed; answers whether there was something.
export function putBack(form) {
  const found = kept.get(place(form, location.pathname));
  if (!found || found.until < Date.now()) return false;
  for (const control of form.elements) {
    if (!control.name || control.type === "file") continue;
    const values = found.fields.getAll(control.name);
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (values.length) {
      control.value = values[0];
      control.dispatchEvent(new CustomEvent("kept", { detail: values[0] }));
    }
  }
  return true;
}
