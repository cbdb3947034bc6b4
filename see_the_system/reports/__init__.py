"""Template and districts in, pages out.

``command`` is ``see-the-system reports``; ``batch`` runs the districts side by side; ``template``
checks the parameters, ``execute`` and ``kernels`` run one notebook with papermill and hear Ctrl-C,
``page`` writes it as a page, ``pdf`` prints it, ``manifest`` keeps it and what it was made from,
``files`` names and writes; ``stored`` runs a notebook of the project and stores it.

``district_report`` is what the template shows: its sections stand in ``gap_sections`` and
``report_notes``, made from ``report_charts``, ``report_tables`` and ``sections``. Import from these
modules: papermill takes a second to load, and other commands do without it.
"""
