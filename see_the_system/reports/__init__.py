"""Template and districts in, pages out.

``command`` is ``see-the-system reports``; ``batch`` runs the districts side by side; ``template``
checks the parameters, ``execute`` runs one notebook with papermill and hears Ctrl-C, ``page``
writes it as a page, ``manifest`` keeps it and what it was made from, ``files`` names, writes and
prints. ``template`` also runs a notebook of the project and stores it.

``district_report`` is what the template shows: its sections stand in ``gap_sections``, made from
``report_charts`` and ``sections``. Import from these modules: papermill takes a second to load, and
other commands do without it.
"""
