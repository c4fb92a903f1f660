// Icons inside our own JSX, and those whose name comes from the server: from the sprite.
const directed = new Set(["arrow-left", "arrow-right", "chevron-left", "chevron-right", "log-out", "corner-down-left"]);
export const Icon = ({ name, size = "", className = "" }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true" className={`ic ${size && `ic-${size}`} ${directed.has(name) ? "ic-dir" : ""} ${className}`}><use href={`/icons.svg#${name}`} /></svg>
);
