/** The environment for a program under test: without the settings, the data folders and the runner of whoever runs the tests. */
export function programEnv(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(DATDOT_|XDG_|NODE_TEST)/.test(name))
  return { ...Object.fromEntries(kept), ...more }
}
