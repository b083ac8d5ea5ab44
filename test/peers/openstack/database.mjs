// Statements of SQL to the database of a control plane, by MariaDB's own client.
import { run } from '../installed.mjs';
import { programPath } from './paths.mjs';

/**
 * What the statements print: a line a row, tabs between the columns.
 * @param {string} socket where MariaDB listens
 * @param {string} statements
 * @throws {Error} with what MariaDB says
 */
export const sql = (socket, statements) =>
  run(programPath('mariadb'), ['--no-defaults', '-S', socket, '-u', 'root', '-N', '-B', '-e', statements]);
