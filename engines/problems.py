"""Everything the engines say to a person when something cannot be done: a code, its values, an English sentence.

The window translates by code; a notebook and the command line read the English. Each sentence says what was expected,
what arrived, and what to do.
"""

from __future__ import annotations

from typing import Any

SENTENCES = {
    "unknown_variant": "There is no variant “{name}”; choose one of {choices}.",
    "unknown_parameter": "{variant} has no parameter “{name}”; it has {choices}.",
    "bad_parameter": "{label} must be {expected}, but is {value}; change it in the parameters.",
    "mask_not_supported": "{variant} cannot run {mask}: {reason}",
    "empty_text": "There is no text to run on; type some, or choose a sample.",
    "lone_surrogates": "Some characters are halves of a pair and no text; they are read as “?”.",
    "not_utf8": "The file is not all UTF-8; bytes that are no text are read as “?”. Save it as UTF-8 to read it whole.",
    "file_too_large": "{path} has {megabytes} MB; files up to {largest} MB open. Cut it, and open a part.",
    "binary_file": "{path} is not a text file (it holds null bytes); open a UTF-8 text.",
    "cannot_read_file": "{path} cannot be read: {reason}. Choose another file.",
    "weights_unreadable": "The weights file {path} cannot be read: {reason}. Install Attnscope again to restore it.",
    "weights_damaged": "The weights file {path} is damaged ({reason}). Install Attnscope again to restore it.",
    "weights_wrong_shape": "In {path}, {name} should have shape {expected}, but has {arrived}. "
    "Install Attnscope again to restore it.",
    "over_budget_time": "{label} at {n} tokens would take about {duration} a call; the budget is {budget:.3g} s. "
    "Shorten the length, or run it anyway.",
    "over_budget_memory": "{label} at {n} tokens would need about {gigabytes:.1f} GB; {free:.1f} GB may be used. "
    "Shorten the length, or run it anyway.",
    "out_of_memory": "{label} ran out of memory at {n} tokens. Shorten the length, or choose another variant.",
    "engine_stopped": "The engine stopped and was started again; the picture is being made anew.",
    "device_missing": "There is no device {device} now; choose another one.",
    "bad_length": "The length must be a whole number from 8 to 1,048,576, but is {length}.",
    "bad_layer": "The {what} must be from 0 to {largest}, but is {value}.",
    "bad_number": "The {what} must be from {smallest} to {largest}, but is {value}.",
    "bad_session": "The session could not be read ({reason}); a new one was started, and the file was "
    "kept beside it as session.unreadable.json.",
    "bad_session_file": "{path} is no session that can be read ({reason}); nothing was changed. Open another file.",
    "session_weights": "The session was made with the weights in {folder}, which were not opened; open them with "
    "File ▸ Open weights… if you trust them.",
    "session_needs_variant": "The session uses “{name}”, which is not here; add its file with --plugin FILE, or "
    "install its package.",
    "session_says_it": "The session says itself what is run and shown; leave out {options}.",
    "needs_a_session": "{options} needs a session; name a .attnscope file.",
    "not_all_recorded": "The results do not hold all that is drawn here, and so it was run now.",
    "results_of_one_length": "Results are recorded at one length each, and a film of growing length has to run; leave "
    "out --results.",
    "file_is_there": "{path} is there already, and was kept; choose another place, or replace it with --force.",
    "session_newer": "The session was written by a newer Attnscope (format {format}; this one reads up to {known}). "
    "Install the newest Attnscope to open it.",
    "bad_results_file": "{path} holds no results that can be read ({reason}); nothing was changed. "
    "Choose another file.",
    "results_newer": "The results were written by a newer Attnscope (format {format}; this one reads up to {known}). "
    "Install the newest Attnscope to open them.",
    "engine_does_not_start": "The engine does not start. Free some memory, or install Attnscope again, then try again.",
    "cannot_save": "{path} could not be saved: {reason}. Choose another place.",
    "unknown_format": "There is no format “{name}”; choose one of {choices}.",
    "bad_size": "A size is a number with mm, cm, in, pt or px, from 5 mm to 2 m and up to 20,000 pixels, for example "
    "84mm; “{text}” is none.",
    "page_too_low": "The page is {millimetres} mm high, and the words around the picture alone take {words} mm. Make "
    "it higher, or the type smaller.",
    "bad_type_size": "A type size is from 2 to 72 points, for example 8pt; “{text}” is none.",
    "picture_not_ready": "The picture is still being computed; export it when it is there.",
    "export_cancelled": "The export was cancelled; {path} is as it was.",
    "bad_setting": "“{setting}” should be NAME=VALUE, for example window=256.",
    "view_not_there": "{variant} has no {view} to show here; it has {choices}.",
    "view_does_not_move": "The {view} of {variant} does not move in such a film; choose one of {choices}.",
    "film_needs_runs": "The {view} has to be run at each length; make its film in the export dialog, or with "
    "“attnscope animate --over length”.",
    "film_needs_a_run": "The steps are not there yet; film them once the run is done.",
    "data_needs_a_run": "The run is not there yet; save its data once it is done.",
    "film_backwards": "A film goes from less to more, but this one from {first} to {last}; change one of them.",
    "film_too_short": "A film needs at least two frames and a time above 0 seconds; give more seconds, or more "
    "frames a second.",
    "film_too_long": "A film may have {most} frames, but this one would have {frames}; make it shorter, or give fewer "
    "frames a second.",
    "film_cancelled": "The film was not finished; {path} is as it was before.",
    "not_a_range": "{what} should be START:STOP, for example 0:256, but is “{text}”.",
    "bad_range": "The {what} must be START:STOP within 0:{size}, for example 0:8, but are {range}.",
    "range_too_large": "{rows} × {columns} values are more than the {most} that fit; ask for a smaller range, for "
    "example {side} × {side}.",
    "too_many_values": "{values} values are more than the {most} that fit; ask for up to {fit} positions, or for "
    "one array.",
    "bad_tensor": "“{name}” should be floating-point numbers [head, position, feature], or [position, feature] for one "
    "head, but is {arrived}.",
    "tensors_do_not_fit": "q, k and v should have the same heads and dtype, q and k the same features, and k and v the "
    "same positions, but are {q}, {k} and {v}.",
    "one_table": "A {format} file holds one table, but there are {count}: choose one of {choices} with --array, or "
    "write NPZ or JSON.",
    "no_arrays": "There is nothing to save: the steps that were chosen recorded no arrays; choose others of {choices}.",
    "unknown_extension": "What kind of file {path} should be is not known; end its name with one of {choices}.",
    "unknown_theme": "There is no theme “{name}”; choose one of {choices}.",
    "unknown_array": "There is no array “{name}”; there are {choices}.",
    "no_encoder": "Films need ffmpeg, which does not start here: {reason}. Install Attnscope again to restore it.",
    "unknown_step": "There is no step “{name}”; there are {choices}.",
    "empty_file": "{path} holds no text; open another one.",
    "unexpected": "The engine could not do this: {reason}. Change a setting, and send this sentence to the developers.",
    "unknown_study": "{variant} has no view “{name}”; it has {choices}.",
    "no_weights_there": "There are no weights in {path}; choose a folder that Attnscope’s training wrote.",
    "unknown_sample": "There is no sample “{name}”; choose one of {choices}.",
    "projection_of_other_k": "These weights hold E and F with k = {stored}, not {k}; set k to {stored}, or choose "
    "another projection.",
    "projection_wrong_shape": "E and F should be {expected}, but one is {arrived}; set k to its number of rows.",
    "projection_unknown": "The implied weights need E and F, which were drawn inside the run; give them as extras.",
    "relative_incomplete": "Relative attention needs {names} together; give {missing} too.",
    "relative_too_short": "“relative_key” must reach over {needed} distances, but has {arrived}; make it longer, or "
    "shorten the segment or the memory.",
    "image_is_no_text": "“{name}” is an image, and has no text; choose a sample that is a text.",
    "pixels_not_text": "Each pixel is one token. The weights were trained on text, so how much each pixel reads "
    "another means nothing here; which ones it reads does.",
    "not_python": "{path} is no Python program ({reason}, line {line}). Mend it, and add it again.",
    "no_variant_in_file": "{path} has no VARIANT. End it with “VARIANT = …”, as the example in CONTRIBUTING.md does.",
    "not_a_variant": "{source} should give an engines.variant.Variant, but gives {arrived}. Mend it, and add it again.",
    "variant_import_failed": "{source} could not be loaded: {reason}. Mend it, and add it again.",
    "variant_incomplete": "{source}: {name} should be {expected}, but is {arrived}. Mend it, and add it again.",
    "variant_name_taken": "{source}: the name “{name}” is taken by {by}. Give the variant another name.",
    "variant_went_wrong": "{label} went wrong: {reason}. Mend its code, and add it again.",
    "variant_file_stuck": "{path} was still loading after {seconds} s; the engine was started again without it.",
    "variant_file_fatal": "{path} ended the engine while it was loaded; it was left out. Mend it, and add it again.",
    "variant_ended_engine": "{label} ended the engine twice, and was stopped. Mend its code, and add it again.",
    "variant_missing": "The session used “{name}”, which is not here now; {shown} is shown instead. Add its file "
    "again with File ▸ Add variant…, or install its package.",
}


class Problem(Exception):
    """Something that a person must know; picklable, so that it crosses from the engine process to the window."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.code, self.values)

    def __str__(self) -> str:
        return SENTENCES[self.code].format(**self.values)


def _rebuild(code: str, values: dict[str, Any]) -> Problem:
    return Problem(code, **values)
