"""Template and districts in, pages out.

``command`` is ``see-the-system reports``; ``batch`` runs the districts side by side; ``template``
checks the parameters, ``execute`` and ``kernels`` run one notebook with papermill, ``page`` writes
it as a page, ``report_folder`` puts it in its place, ``pdf`` prints it, ``manifest`` keeps what was
made from what, ``files`` names and writes, ``stopping`` hears Ctrl-C; ``stored`` runs a notebook of
the project and stores it.

``district_report`` is what the template shows: its sections stand in ``gap_sections``,
``school_sections`` and ``report_notes``, made from ``report_charts``, ``report_tables`` and
``sections``. Import from these modules: papermill takes a second to load, and other commands do
without it.
"""
