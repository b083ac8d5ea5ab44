/**
 * Begins to count; what it returns gives the milliseconds that this process has computed since, all its threads
 * together. Unlike a clock it stands still while other processes have the processor.
 */
export const processorTime = (): (() => number) => {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
};
