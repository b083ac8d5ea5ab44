// The virtual environment for Keystone and the clients of OpenStack, made once.
import { installPython } from '../installed.mjs';
import { REQUIREMENTS, VENV } from './keystone.mjs';

/** Nothing is done where there is one. Throws `Missing`. */
export const installKeystone = () => installPython({ name: 'Keystone', folder: VENV, requirements: REQUIREMENTS });
