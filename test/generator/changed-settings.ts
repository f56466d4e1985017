// Settings of a database under which the server writes values in other words.
import type pg from 'pg';

/** Everything that changes how the server writes a value. */
export async function changeSettings(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  for (const setting of [
    `timezone to 'Pacific/Chatham'`,
    `datestyle to 'SQL, DMY'`,
    `intervalstyle to 'sql_standard'`,
    `extra_float_digits to -10`,
    `bytea_output to 'escape'`,
  ])
    await client.query(`alter database "${rows[0]?.name}" set ${setting}`);
}
