export { runContainer } from './run';
export { readSettings, SettingError } from './settings';
