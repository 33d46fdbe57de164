import "./htmx.js";
import "./shell.js";
import "./overlay.js";
import "./rows.js";
import "./combobox.js";
import "./suggest.js";
import "./drop.js";
import "./forms.js";
