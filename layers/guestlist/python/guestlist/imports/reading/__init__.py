"""Reading of a file: from its bytes to its valid rows and the problems of the others.

`sheet.open_sheet` detects how a file is to be read and returns a `Sheet`. The readers of its rows are `target_rows`,
`customer_rows`, `ticket_rows` and `purchase_rows`; `bulk` reads most rows of a target group a block at a time. The
modules, in the order in which a file passes through them:

From bytes to rows of cells
    open_text: options that apply, format, encoding and delimiter, and the file as `Text`
    file_formats: files that are not CSV, such as spreadsheets and archives
    encoding, encoding_plausibility: the encoding, by its byte order mark, byte patterns and plausible letters
    dialect: the delimiter
    quoted_rows: files in which a spreadsheet made each row one quoted cell
    text, lines, records: the text, its physical lines, and rows with their line numbers
    unreadable: the error for a file of which no row can be read

From headers to fields
    fields: the fields of all kinds of files, and the headers of our own samples
    schemas: the fields of each kind of file
    layout, headerless: the header rows, and files without one
    headers: headers with the cells of the first rows, by which a column is tested
    columns: the mapping of columns to fields, requested or matched
    matching: which column fits a field best
    people, name_headers: which columns are those of one person
    companions: guests whom a person brings along
    purposes: what codes and numbers are for, by their header
    column_questions: columns about which the organiser is asked
    number_words: words in headers by which numbers and dates are told apart, for column_questions
    typing_errors: the field that a misspelt header most likely means
    table_issues: files that are not one table

Which rows count
    decisions: date order and status column, with their questions
    status, status_cells: rows whose sale ended, by a status column
    refunds: refunds, and the sales that they undo
    footer, non_data_rows: totals, remarks and repeated headers
    row_width: rows with too few or too many cells

From cells to values
    cells: cells as they are meant, and their problems
    excel, text_repair: what spreadsheets and other systems did to a cell
    instants, quantities: dates and times, whole numbers
    problems: why a row is refused
    refused_rows: all refused rows of a file
    row_notes, column_notes: notes for the organiser on rows that are read nevertheless, and on columns
    temporary_database, first_lines: data on disk, so that memory stays constant

Recognition of words in many languages
    header_recognition: fields and people in headers
        header_words, header_patterns, person_words, address_words: its tables
    status_recognition: the status of sales in headers and cells
        sale_words, flag_words: its tables
    calendar_words: months and time zones
"""
