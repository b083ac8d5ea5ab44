// `npm start`: installs what is missing, builds what is out of date, then runs the server in this process.
// It runs before anything is installed, so it needs nothing but Node.
import { build, isBuilt } from '../build.mjs';
import { install } from './install.mjs';
import { warningOf } from './node-release.mjs';

const warning = warningOf(process.versions.node);
// As Node's own warnings.
if (warning && process.env.NODE_NO_WARNINGS !== '1') console.error(warning);

try {
  install({ all: false });
  if (!isBuilt()) await build();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
await import('../dist/local/server.mjs');
