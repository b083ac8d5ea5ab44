/** The virtual environment: in a folder that git does not see. */
export declare const VENV: string;
/** Its Python. */
export declare const PYTHON: string;
export declare const startMoto: () => Promise<{ readonly endpoint: string; readonly stop: () => void }>;
