// A backend notices that its client is gone only when it talks to it, and an index may take an hour. These settings make it look
// every two seconds, and give up a network that answers no more, so that the next run does not wait for the ghost of this one.
import type pg from 'pg';

const SETTINGS: readonly (readonly [name: string, value: string])[] = [
  ['client_connection_check_interval', '2s'],
  ['tcp_keepalives_idle', '30'],
  ['tcp_keepalives_interval', '10'],
  ['tcp_keepalives_count', '3'],
];

/** Sets them as far as the server's platform has them. */
export async function endWithClient(client: pg.Client): Promise<void> {
  for (const [name, value] of SETTINGS) {
    // A platform that cannot look refuses the value: then the backend lives as long as its statement.
    await client.query('select pg_catalog.set_config($1, $2, false)', [name, value]).catch(() => undefined);
  }
}
