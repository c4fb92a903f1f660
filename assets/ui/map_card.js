// The card of a practitioner whose pin was chosen: lit, brought into view, its first link focused.
export function showCard(id) {
  document.querySelectorAll(".dcard.is-on").forEach((card) => card.classList.remove("is-on"));
  const card = document.getElementById(`hit-${id}`);
  card?.classList.add("is-on");
  card?.scrollIntoView({ block: "center", behavior: "smooth" });
  card?.querySelector("a")?.focus({ preventScroll: true });
}
