// A page of refusal: what was sent was not taken, so the copies kept on this computer are needed again.
import { recallSent } from "./autosave.js";

recallSent();
