// The virtual environment for Keystone and the clients of OpenStack, made once.
import { fileURLToPath } from 'node:url';
import { install } from '../virtualenv.mjs';
import { VENV } from './keystone.mjs';

/** Makes the environment agree with the requirements; nothing is done when it does. Throws `Missing`. */
export const installKeystone = () => {
  const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));
  install({ name: 'Keystone', folder: VENV, requirements });
};
