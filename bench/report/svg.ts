// Pictures as text: a light ground, axes with units, lines or bars, a legend. No library, nothing that
// moves; the same input gives the same bytes.

export interface Series {
  readonly name: string
  readonly color: string
  readonly points: readonly (readonly [number, number])[]
}

export interface Axis {
  readonly title: string
  readonly isLogarithmic?: boolean
  /** Ticks given by hand, as [place, label]. */
  readonly ticks?: readonly (readonly [number, string])[]
  readonly max?: number
}

export interface LineChart {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
  readonly hasMarks?: boolean
}

export interface Bar {
  readonly name: string
  readonly color: string
  readonly value: number
  /** Written behind the bar. */
  readonly label: string
}

export interface BarChart {
  readonly title: string
  readonly unit: string
  readonly groups: readonly { readonly name: string; readonly bars: readonly Bar[] }[]
}

export const COLORS = {
  samsa: '#0b6e99',
  apache: '#c8553d',
  sink: '#7a8288',
  other: '#b08b2e',
} as const

const WIDTH = 760
const FONT = 'font-family="DejaVu Sans, Verdana, Arial, sans-serif"'
const INK = '#24292f'
const FAINT = '#d8dee4'
const PLOT = { left: 78, top: 64, right: 36, bottom: 58, height: 290 }

export function lineChart(chart: LineChart): string {
  const all = chart.series.flatMap(({ points }) => points)
  const x = scale(
    chart.x,
    all.map(([at]) => at),
    [PLOT.left, WIDTH - PLOT.right],
  )
  const bottom = PLOT.top + PLOT.height
  const y = scale(
    chart.y,
    all.map(([, value]) => value),
    [bottom, PLOT.top],
  )
  const parts = [title(chart.title), legend(chart.series)]
  for (const [place, label] of y.ticks) {
    const at = y.at(place)
    parts.push(line(PLOT.left, at, WIDTH - PLOT.right, at, FAINT))
    parts.push(text(PLOT.left - 8, at + 4, label, 'end'))
  }
  for (const [place, label] of x.ticks) {
    const at = x.at(place)
    parts.push(line(at, bottom, at, bottom + 5, INK), text(at, bottom + 20, label, 'middle'))
  }
  parts.push(line(PLOT.left, bottom, WIDTH - PLOT.right, bottom, INK))
  parts.push(text((PLOT.left + WIDTH - PLOT.right) / 2, bottom + 44, chart.x.title, 'middle'))
  const middle = PLOT.top + PLOT.height / 2
  const turned = `transform="rotate(-90 18 ${middle})"`
  parts.push(text(18, middle, chart.y.title, 'middle', turned))
  for (const { color, points } of chart.series) {
    const path = points.map(([at, value]) => `${round(x.at(at))},${round(y.at(value))}`)
    const stroke = `stroke="${color}" stroke-width="2.2" stroke-linejoin="round"`
    parts.push(`<polyline fill="none" ${stroke} points="${path.join(' ')}"/>`)
    if (chart.hasMarks !== true) continue
    for (const [at, value] of points) {
      const center = `cx="${round(x.at(at))}" cy="${round(y.at(value))}"`
      parts.push(`<circle ${center} r="3.5" fill="${color}"/>`)
    }
  }
  return document(parts, bottom + PLOT.bottom)
}

const BAR = { height: 20, gap: 5, group: 22, left: 230, right: 190 }

export function barChart(chart: BarChart): string {
  const most = Math.max(...chart.groups.flatMap(({ bars }) => bars.map(({ value }) => value)))
  const room = WIDTH - BAR.left - BAR.right
  const parts = [title(chart.title), text(BAR.left, 50, chart.unit, 'start')]
  let top = 62
  for (const { name, bars } of chart.groups) {
    parts.push(text(20, top + 15, name, 'start', 'font-weight="bold"'))
    for (const { name: who, color, value, label } of bars) {
      const width = Math.max(2, (value / most) * room)
      const box = `x="${BAR.left}" y="${round(top)}" width="${round(width)}" height="${BAR.height}"`
      parts.push(`<rect ${box} rx="2" fill="${color}"/>`)
      parts.push(text(BAR.left - 8, top + 15, who, 'end'))
      parts.push(text(BAR.left + width + 8, top + 15, label, 'start'))
      top += BAR.height + BAR.gap
    }
    top += BAR.group
  }
  parts.push(line(BAR.left, 58, BAR.left, top - BAR.group, INK))
  return document(parts, top)
}

interface Scale {
  readonly at: (value: number) => number
  readonly ticks: readonly (readonly [number, string])[]
}

function scale(axis: Axis, values: readonly number[], [from, to]: [number, number]): Scale {
  if (axis.isLogarithmic === true) {
    const low = Math.floor(Math.log10(Math.min(...values)))
    const high = Math.ceil(Math.log10(Math.max(...values)))
    const at = (value: number) => from + ((Math.log10(value) - low) / (high - low)) * (to - from)
    const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i))
    return { at, ticks: ticks.map((tick) => [tick, shown(tick)] as const) }
  }
  const hand = axis.ticks
  const low = hand === undefined ? 0 : Math.min(...hand.map(([place]) => place))
  const wanted = axis.max ?? Math.max(...values)
  const step = stepFor(wanted / 6)
  const high =
    hand === undefined ? Math.ceil(wanted / step) * step : Math.max(...hand.map((t) => t[0]))
  const at = (value: number) => from + ((Math.min(value, high) - low) / (high - low)) * (to - from)
  const count = Math.round(high / step)
  const own = Array.from({ length: count + 1 }, (_, i) => i * step)
  return { at, ticks: hand ?? own.map((tick) => [tick, shown(tick)] as const) }
}

/** 1, 2 or 5 times a power of ten, at least that large. */
function stepFor(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least)!
}

function shown(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 6 })
}

function legend(series: readonly Series[]): string {
  let left = PLOT.left
  const parts: string[] = []
  for (const { name, color } of series) {
    parts.push(`<rect x="${left}" y="39" width="18" height="5" fill="${color}"/>`)
    parts.push(text(left + 24, 46, name, 'start'))
    left += 24 + name.length * 8 + 26
  }
  return parts.join('\n')
}

function title(words: string): string {
  return `<text x="20" y="24" font-size="16" font-weight="bold" fill="${INK}">${escaped(words)}</text>`
}

function text(x: number, y: number, words: string, anchor: string, more = ''): string {
  const place = `x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"`
  const space = more === '' ? '' : ` ${more}`
  return `<text ${place} font-size="13" fill="${INK}"${space}>${escaped(words)}</text>`
}

function line(x1: number, y1: number, x2: number, y2: number, color: string): string {
  const ends = `x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"`
  return `<line ${ends} stroke="${color}"/>`
}

function document(parts: readonly string[], height: number): string {
  const tall = Math.ceil(height)
  const size = `width="${WIDTH}" height="${tall}" viewBox="0 0 ${WIDTH} ${tall}"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${FONT}>`,
    `<rect width="${WIDTH}" height="${tall}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

function round(value: number): number {
  return Number(value.toFixed(1))
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
