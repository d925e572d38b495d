// The wallboard: the same figures, kept true.

import "./live.js";
