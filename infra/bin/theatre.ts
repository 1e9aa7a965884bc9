import { theatreApp } from '../lib/app';

theatreApp().synth();
