// What Prometheus reads of the gateway: how long requests took and waited, by query, and how the pool stands at that moment.
import { Gauge, Histogram, Registry } from 'prom-client';
import type { ReadPool } from '../../postgres/read-pool.ts';

export interface GatewayMetrics {
  /** One answered request; `outcome` is ok or why not. */
  observe(request: { readonly query: string; readonly outcome: string; readonly seconds: number }): void;
  /** How long a statement waited for a session of the pool. */
  observeWait(seconds: number): void;
  readonly contentType: string;
  /** The text of this moment. */
  read(): Promise<string>;
}

/** Seconds: from a key in the cache to a statement that ran into its limit. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A registry of its own, so that two gateways in one process do not meet. */
export function createMetrics(pool: Pick<ReadPool, 'counts'>): GatewayMetrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Histogram({
    name: 'shapecast_request_seconds',
    help: 'Time from a request to its answer, by query and outcome.',
    labelNames: ['query', 'outcome'],
    buckets: BUCKETS,
    registers,
  });
  const waits = new Histogram({
    name: 'shapecast_pool_wait_seconds',
    help: 'Time that statements waited for a session of the pool.',
    buckets: BUCKETS,
    registers,
  });
  new Gauge({
    name: 'shapecast_pool_sessions',
    help: 'Sessions of the pool that are open, and those of them without work.',
    labelNames: ['state'],
    registers,
    collect() {
      const { idle, open } = pool.counts();
      this.set({ state: 'open' }, open);
      this.set({ state: 'idle' }, idle);
    },
  });
  new Gauge({
    name: 'shapecast_pool_queue',
    help: 'Statements that wait for a session of the pool.',
    registers,
    collect() {
      this.set(pool.counts().waiting);
    },
  });
  return {
    observe: ({ outcome, query, seconds }) => requests.observe({ query, outcome }, seconds),
    observeWait: (seconds) => waits.observe(seconds),
    contentType: registry.contentType,
    read: () => registry.metrics(),
  };
}
