// Stands in for mergician: Reflex merges two objects deeply, the later one's values winning. Neither is changed.
const isPlain = (value) => [Object.prototype, null].includes(typeof value === "object" && value ? Object.getPrototypeOf(value) : undefined);

export const mergician = (under, over) => {
  const merged = { ...under, ...over };
  for (const key of Object.keys(over)) {
    if (isPlain(under[key]) && isPlain(over[key])) merged[key] = mergician(under[key], over[key]);
  }
  return merged;
};
