// Lines of the log would drown those of the tests.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED ??= 'true';

export default {
  testEnvironment: 'node',
  maxWorkers: 2,
  // Modules of finished files stay in memory, and a worker near the limit of its heap spends its time collecting garbage.
  workerIdleMemoryLimit: '1GB',
  // Whole endpoints and stores on disk are tried, also on machines that have other work.
  testTimeout: 20_000,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
};
