/** Times as people read them, in the time zone of the person's profile (as the bot sees it). */

const FORMATS = new Map();

/** @param {?string} zone IANA name. */
function format(zone, options) {
  const key = `${zone}${JSON.stringify(options)}`;
  if (!FORMATS.has(key))
    FORMATS.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone ?? undefined, ...options }));
  return FORMATS.get(key);
}

/** @param {string} ts Slack's message time: seconds since 1970 and a counter, "1790000000.000100". */
export function dateOf(ts) {
  return new Date(Number(ts) * 1000);
}

/** "15:04" */
export function clock(date, zone) {
  return format(zone, { hour: "2-digit", minute: "2-digit" }).format(date);
}

/** "Sunday, 22 November 2026 at 15:04:09", for tooltips. */
export function exact(date, zone) {
  return format(zone, { dateStyle: "full", timeStyle: "medium" }).format(date);
}

/** "2026-11-22", which also orders days. */
export function dayKey(date, zone) {
  return format(zone, { year: "numeric", month: "2-digit", day: "2-digit" })
    .format(date)
    .split("/")
    .reverse()
    .join("-");
}

/** "Today", "Yesterday" or "Friday, 20 November". */
export function dayName(date, zone) {
  const day = dayKey(date, zone);
  if (day === dayKey(new Date(), zone)) return "Today";
  if (day === dayKey(new Date(Date.now() - 86_400_000), zone)) return "Yesterday";
  return format(zone, { weekday: "long", day: "numeric", month: "long" }).format(date);
}

/** Fills Slack's `<!date>` placeholders: {date}, {date_short}, {date_long}, {date_num}, {time}, {time_secs}, {ago}. */
export function fillDate(seconds, pattern, zone) {
  const date = new Date(seconds * 1000);
  const long = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  const parts = {
    date_num: () => dayKey(date, zone),
    date: () => format(zone, { day: "numeric", month: "long", year: "numeric" }).format(date),
    date_short: () => format(zone, { day: "numeric", month: "short", year: "numeric" }).format(date),
    date_long: () => format(zone, long).format(date),
    time: () => clock(date, zone),
    time_secs: () => format(zone, { timeStyle: "medium" }).format(date),
    ago: () => ago(date),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => parts[name.replace("_pretty", "")]?.() ?? whole);
}

function ago(date) {
  const minutes = Math.round((date.getTime() - Date.now()) / 60_000);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (Math.abs(minutes) < 60) return words.format(minutes, "minute");
  if (Math.abs(minutes) < 1440) return words.format(Math.round(minutes / 60), "hour");
  return words.format(Math.round(minutes / 1440), "day");
}

/** What a wall clock in the zone shows, read as if it were UTC (milliseconds). */
function wall(instant, zone) {
  const options = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  };
  const part = Object.fromEntries(
    format(zone, options)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute);
}

/** Seconds since 1970 -> {date: "2026-11-22", time: "15:04"} in the zone. */
export function toFields(seconds, zone) {
  const [date, time] = new Date(wall(seconds * 1000, zone)).toISOString().split("T");
  return { date, time: time.slice(0, 5) };
}

/** The opposite of `toFields`. Two rounds settle the hours around a change of daylight saving. */
export function fromFields(date, time, zone) {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  let instant = wanted;
  for (let round = 0; round < 2; round += 1) instant += wanted - wall(instant, zone);
  return Math.floor(instant / 1000);
}
