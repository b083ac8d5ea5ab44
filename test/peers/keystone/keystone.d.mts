/** The virtual environment: in a folder that git does not see. */
export declare const VENV: string;
/** Its Python, for clients of OpenStack. */
export declare const PYTHON: string;
export declare const startKeystone: () => Promise<{ readonly endpoint: string; readonly stop: () => void }>;
