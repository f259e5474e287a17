// Numbers as people read them: the interval's width decides how many digits stand, as in the memo.

const MINUS = "−";
const MOST = 6;

function fixed(value: number, decimals: number, signed: boolean): string {
  const text = Math.abs(value).toFixed(decimals);
  const zero = Number(text) === 0;
  const sign = value < 0 && !zero ? MINUS : signed && !zero ? "+" : "";
  const [whole = "0", rest] = text.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return sign + grouped + (rest ? `.${rest}` : "");
}

function digits(size: number, wanted: number): number {
  if (!(size > 0) || !Number.isFinite(size)) return 3;
  return Math.min(MOST, Math.max(0, wanted - 1 - Math.floor(Math.log10(size))));
}

/** One way to write a value and its bounds, with the decimals that they share. */
export function formatter(bounds: readonly [number, number] | null, value: number | null) {
  const width = bounds ? bounds[1] - bounds[0] : 0;
  const decimals = width > 0 && Number.isFinite(width) ? digits(width, 2) : digits(Math.abs(value ?? 1), 3);
  return (number: number | null | undefined, signed = false): string => {
    if (number === null || number === undefined || Number.isNaN(number)) return "undefined";
    if (!Number.isFinite(number)) return number < 0 ? `${MINUS}∞` : "∞";
    const size = Math.abs(number);
    if (size !== 0 && (size < 1e-6 || size >= 1e12)) return powered(number, signed);
    return fixed(number, decimals, signed);
  };
}

function powered(value: number, signed: boolean): string {
  const [mantissa, power] = Math.abs(value).toExponential(2).split("e");
  const raised = String(Number(power)).replace(/./g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)] ?? c);
  return `${value < 0 ? MINUS : signed ? "+" : ""}${mantissa}·10${raised}`;
}

export function interval(bounds: readonly [number, number] | null, value: number | null, signed = true): string {
  if (!bounds) return "–";
  const write = formatter(bounds, value);
  return `[${write(bounds[0], signed)}, ${write(bounds[1], signed)}]`;
}

/** A number that stands alone: four significant digits. */
export function plain(value: unknown): string {
  if (typeof value !== "number") return shown(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value < 0 ? `${MINUS}∞` : "∞";
  if (Number.isInteger(value)) return Math.abs(value) < 1e15 ? fixed(value, 0, false) : powered(value, false);
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e9) return powered(value, false);
  return fixed(value, digits(size, 4), false).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

export function count(value: number): string {
  return fixed(value, 0, false);
}

export function counted(n: number, word: string): string {
  return `${count(n)} ${word}${n === 1 ? "" : "s"}`;
}

export function percent(share: number): string {
  return `${fixed(100 * share, 2, false).replace(/\.?0+$/, "")}%`;
}

/** A value as it stands, to be read, copied and asked for again: an id, a setting or a class is no amount to round. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  return JSON.stringify(value);
}

/** A word as a shell takes it. */
export const quoted = (text: string): string => (/^[\w./@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

export function day(iso: string | null | undefined): string {
  return iso ? iso.slice(0, 10) : "–";
}

export function moment(iso: string | number): string {
  const at = typeof iso === "number" ? new Date(iso * 1000) : new Date(iso);
  if (Number.isNaN(at.getTime())) return String(iso);
  const two = (n: number) => String(n).padStart(2, "0");
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function seconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  if (value < 90) return `${plain(Math.round(value * 10) / 10)} s`;
  if (value < 5400) return `${Math.round(value / 60)} min`;
  return `${plain(Math.round(value / 360) / 10)} h`;
}

export function bytes(n: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let place = 0;
  while (n >= 1000 && place < units.length - 1) {
    n /= 1000;
    place += 1;
  }
  return `${place ? n.toPrecision(3) : n} ${units[place]}`;
}

export const short = (digest: string): string => digest.replace(/^(sha256|blake3):/, "").slice(0, 12);

export function sliceWords(key: Record<string, unknown>): string {
  return Object.entries(key).map(([name, value]) => `${name} = ${shown(value)}`).join(", ") || "all data";
}
