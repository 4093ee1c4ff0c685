// Which version this is and what it keeps; the work stands in the module.
import { serve } from "{{ url_for('static', filename='sw/worker.js') }}";

serve({{ {"version": version, "precache": precache, "shells": shells, "packs": packs, "locales": locales} | tojson }});
