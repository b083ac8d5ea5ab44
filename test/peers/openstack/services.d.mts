import type { User } from './rest.mjs';

/** The administrator's login. */
export declare const ADMIN: User;
