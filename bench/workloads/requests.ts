// Raw produce requests without a client library, so that the broker is the limit: many small ones, large
// ones, one at a time, a forced write for each; and the latency of a steady thousand records a second.
import type { PeerName, Row, Workload } from '../workload.ts'
import { producing } from './shapes.ts'

const ALL: readonly PeerName[] = ['samsa', 'apache', 'sink', 'mock', 'kfake']

function cpu(what: string, goal: Row['goal']): Row {
  const row = { figure: 'cpuPerRequestUs', what: `${what}: broker CPU`, unit: 'us each' } as const
  return { ...row, better: 'less', ...(goal === undefined ? {} : { goal }) }
}

function rate(what: string, ratioAtLeast?: number): Row {
  const row = { figure: 'requestsPerSecond', what, unit: 'requests/s', digits: 0 } as const
  return {
    ...row,
    better: 'more',
    ...(ratioAtLeast === undefined ? {} : { goal: { ratioAtLeast } }),
  }
}

function latency(figure: string, what: string, ratioAtMost?: number): Row {
  const goal = ratioAtMost === undefined ? {} : { goal: { ratioAtMost } }
  return { figure, what, unit: 'us', better: 'less', digits: 0, ...goal }
}

function loadCpu(what: string): Row {
  const row = { figure: 'loadCpuPerRequestUs', what: `${what}: load CPU`, unit: 'us each' } as const
  return { ...row, better: 'less' }
}

export const small: Workload = {
  name: 'requests-small',
  answers: 'What does one small produce request cost, 50 connections x 5 in flight?',
  path: 'requests',
  peers: ALL,
  rows: [
    rate('small requests, 50 x 5', 3.5),
    cpu('small requests, 50 x 5', { atMost: 4.5 }),
    loadCpu('small requests, 50 x 5'),
  ],
  quick: { rounds: 3, otherRounds: 3, size: { requests: 100_000 }, seconds: 22 },
  full: { rounds: 5, otherRounds: 2, size: { requests: 300_000 }, seconds: 190 },
  ...producing({
    program: 'frames',
    options: (size) => ({
      connections: 50,
      'in-flight': 5,
      bytes: 100,
      requests: size['requests']!,
    }),
  }),
}

export const many: Workload = {
  name: 'requests-50x1',
  answers: 'What does one small produce request cost when 50 producers send one at a time each?',
  path: 'requests',
  peers: ALL,
  rows: [
    rate('small requests, 50 x 1'),
    cpu('small requests, 50 x 1', undefined),
    latency('p50Us', 'small requests, 50 x 1: p50'),
    latency('p99Us', 'small requests, 50 x 1: p99'),
  ],
  full: { rounds: 5, otherRounds: 1, size: { requests: 200_000 }, seconds: 55 },
  ...producing({
    program: 'frames',
    options: (size) => ({ connections: 50, bytes: 100, requests: size['requests']! }),
  }),
}

export const large: Workload = {
  name: 'requests-16k',
  answers: 'What does a 16 KB produce request cost, 1 connection x 5 in flight?',
  path: 'requests',
  peers: ALL,
  rows: [
    rate('16 KB requests, 1 x 5', 3),
    cpu('16 KB requests, 1 x 5', { atMost: 25 }),
    loadCpu('16 KB requests, 1 x 5'),
  ],
  quick: { rounds: 3, otherRounds: 3, size: { requests: 15_000 }, seconds: 20 },
  full: { rounds: 5, otherRounds: 2, size: { requests: 30_000 }, seconds: 75 },
  ...producing({
    program: 'frames',
    options: (size) => ({ 'in-flight': 5, bytes: 16_384, requests: size['requests']! }),
  }),
}

export const single: Workload = {
  name: 'requests-single',
  answers: 'How long does one produce request take when it is alone?',
  path: 'requests',
  peers: ALL,
  rows: [
    latency('p50Us', 'one request at a time: p50', 0.95),
    latency('p99Us', 'one request at a time: p99', 0.9),
    latency('p999Us', 'one request at a time: p99.9'),
    cpu('one request at a time', undefined),
  ],
  quick: { rounds: 3, otherRounds: 3, size: { requests: 4000 }, seconds: 15 },
  full: { rounds: 5, otherRounds: 2, size: { requests: 20_000 }, seconds: 75 },
  ...producing({
    program: 'frames',
    options: (size) => ({ bytes: 100, requests: size['requests']! }),
  }),
}

export const flushed: Workload = {
  name: 'requests-flushed',
  answers:
    'What does it cost to have every batch on the disk before its answer (flush.messages=1)?',
  path: 'requests',
  peers: ['samsa', 'apache'],
  rows: [
    latency('p50Us', 'flush.messages=1, one at a time: p50'),
    latency('p99Us', 'flush.messages=1, one at a time: p99'),
    rate('flush.messages=1, one at a time'),
    cpu('flush.messages=1', undefined),
  ],
  full: { rounds: 5, otherRounds: 0, size: { requests: 3000 }, seconds: 40 },
  ...producing({
    program: 'frames',
    settings: { 'flush.messages': '1' },
    options: (size) => ({ bytes: 100, requests: size['requests']! }),
  }),
}

export const steady: Workload = {
  name: 'latency',
  answers: 'How long does a record take at a steady 1,000 records a second, linger.ms=0?',
  path: 'requests',
  peers: ALL,
  rows: [
    latency('p50Us', '1,000 records/s: p50', 1.0),
    latency('p99Us', '1,000 records/s: p99', 0.9),
    latency('p999Us', '1,000 records/s: p99.9', 1.0),
    {
      figure: 'cpuPercent',
      what: '1,000 records/s: broker CPU',
      unit: '% of a core',
      better: 'less',
      goal: { ratioAtMost: 0.45 },
    },
    {
      figure: 'loadCpuPercent',
      what: '1,000 records/s: load CPU',
      unit: '% of a core',
      better: 'less',
    },
  ],
  full: { rounds: 5, otherRounds: 1, size: { records: 6000 }, seconds: 130 },
  ...producing({
    program: 'clients',
    mode: 'latency',
    options: (size) => ({ bytes: 100, rate: 1000, records: size['records']! }),
  }),
}
