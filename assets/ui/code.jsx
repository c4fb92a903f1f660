import "../css/entering.css";
import { useState } from "react";

export function CodeField({ name, label, invalid, onComplete }) {
  const [code, setCode] = useState("");
  const type = (event) => {
    const digits = event.target.value.replace(/\D/g, "").slice(0, 6);
    setCode(digits);
    if (digits.length === 6) onComplete?.(digits);
  };
  return (
    <div className="code6" dir="ltr">
      {[0, 1, 2, 3, 4, 5].map((place) => <i key={place} className={place === code.length ? "at" : undefined} aria-hidden="true">{code[place]}</i>)}
      <input id={name} name={name} aria-label={label} aria-invalid={invalid || undefined} autoComplete="one-time-code" inputMode="numeric" maxLength={6} value={code} onChange={type} />
    </div>
  );
}
