"""H2: files in the shapes that further tools and organisers write are read as a careful reader reads them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from sheet_samples import saved, workbook

from portal.programme.spreadsheet.opening.reading import read_workbook
from portal.programme.spreadsheet.questions import Question
from portal.programme.spreadsheet.rows.drafting import read_draft
from portal.programme.spreadsheet.rows.drafts import Draft, Mention, Options, SessionDraft

ZONE = ZoneInfo("Europe/Berlin")


def read(content: bytes) -> Draft:
    return read_draft(read_workbook(content), Options(timezone=ZONE.key))


def told(draft: Draft) -> list[str]:
    """Each session as: title | day from – to | room | who."""
    return [" | ".join(filter(None, _parts(each))) for each in draft.sessions]


def _parts(session: SessionDraft) -> list[str]:
    begun, ended = session.starts_at, session.values.get("ends_at")
    when = f"{begun.astimezone(ZONE):%d %b %H:%M}" if begun else ""
    when += f"–{ended.astimezone(ZONE):%H:%M}" if ended else ""
    people = ", ".join(map(_who, session.mentions))
    return [session.title or "", when, session.values.get("room") or "", people]


def _who(mention: Mention) -> str:
    person = mention.person.values if mention.person else {}
    about = [person.get("company_name"), person.get("job_title"), person.get("email")]
    name = " / ".join(str(person[key]) for key in ("first_name", "last_name") if person.get(key))
    text = name + "".join(f" ({each})" for each in about if each)
    return text if mention.role == "speaker" else f"{mention.role}: {text}"


FILES = {
    "cvent, a row per session and person, its titles with commas": (
        "Session Name,Session Code,Start Date,Start Time,End Date,End Time,Location Name,Status,Speaker First Name,"
        "Speaker Last Name,Speaker Company,Speaker Title\n"
        '"Rust, in anger",S1,05/11/2027,09:00 AM,05/11/2027,10:00 AM,Hall,Active,Ada,Moor,ACME,CTO\n'
        '"Rust, in anger",S1,05/11/2027,09:00 AM,05/11/2027,10:00 AM,Hall,Active,Bob,Ray,MIT,\n'
        "Bye,S2,05/21/2027,11:00 PM,05/22/2027,12:15 AM,Hall,Cancelled,,,,\n",
        [
            "Rust, in anger | 11 May 09:00–10:00 | Hall | Ada / Moor (ACME) (CTO), Bob / Ray (MIT)",
            "Bye | 21 May 23:00–00:15 | Hall",
        ],
    ),
    "eventsair, a row per paper of a session, with an address beside the halves of a name": (
        "Session Name,Session Date,Session Start,Session Finish,Session Room,Presentation Title,Presentation Start,"
        "Presentation Finish,Presenter First Name,Presenter Last Name,Presenter Email,Chair 1\n"
        "Session 1A,15/03/2027,1030,1200,Hall,One,1030,1050,Ada,Moor,a@example.org,Prof Eve Lin\n"
        "Session 1A,15/03/2027,1030,1200,Hall,Two,1050,1110,Bob,Ray,b@example.org,Prof Eve Lin\n",
        [
            "One | 15 Mar 10:30–10:50 | Hall | Ada / Moor (a@example.org), chairperson: Eve / Lin",
            "Two | 15 Mar 10:50–11:10 | Hall | Bob / Ray (b@example.org), chairperson: Eve / Lin",
        ],
    ),
    "oxford abstracts, whose authors bear the marks of their affiliations": (
        "Submission ID,Title,Decision,Presenting author,Presenting author email,Authors,Program session,"
        "Program session date,Program submission start time,Program submission end time\n"
        '1,Hello,Accepted,Ada Moor,a@example.org,"Ada Moor¹, Bob Ray (2), Eve Lin*",A,2027-03-15,10:30,10:45\n',
        [
            "Hello | 15 Mar 10:30–10:45 | Ada / Moor (a@example.org), author: Ada / Moor (a@example.org), "
            "author: Bob / Ray, author: Eve / Lin"
        ],
    ),
    "conftool, which numbers its chairs beside their names": (
        "session_ID;session_title;session_start;session_end;session_room;chair1;chair1_name;chair1_email\n"
        "12;Opening;2027-03-15 09:00;2027-03-15 10:00;HS 1;5;Lin, Eve;e@example.org\n",
        ["Opening | 15 Mar 09:00–10:00 | HS 1 | chairperson: Eve / Lin (e@example.org)"],
    ),
    "swapcard, which names people by their addresses": (
        "Planning ID,Title,Start date,Start hour,End date,End hour,Place,Speakers emails,Description HTML\n"
        '1,Hello,2027-05-11,09:00,2027-05-11,09:45,Hall,"a@example.org, b@example.org",<p>x</p>\n',
        ["Hello | 11 May 09:00–09:45 | Hall |  (a@example.org),  (b@example.org)"],
    ),
    "sched": (
        "Name,Start,End,Venue,Type,Speakers,Moderators\n"
        '"Opening, and more",2027-05-11 09:00:00,2027-05-11 10:00:00,Hall A,Keynote,Ada Moor; Bob Ray,Eve Lin\n',
        ["Opening, and more | 11 May 09:00–10:00 | Hall A | Ada / Moor, Bob / Ray, moderator: Eve / Lin"],
    ),
    "airtable": (
        "Name,Speakers,Status,Start time,End time,Room,Created\n"
        '"Hello, world","Ada Moor, Bob Ray",Confirmed,5/11/2027 9:00am,5/11/2027 10:00am,Hall,3/1/2027 4:00pm\n'
        "Bye,Ada Moor,Confirmed,5/14/2027 9:00pm,5/14/2027 10:00pm,Hall,3/1/2027 4:00pm\n",
        [
            "Hello, world | 11 May 09:00–10:00 | Hall | Ada / Moor, Bob / Ray",
            "Bye | 14 May 21:00–22:00 | Hall | Ada / Moor",
        ],
    ),
    "a form's answers": (
        "Timestamp,Email Address,What is your name?,Title of your talk,Abstract of your talk\n"
        "3/14/2027 15:09:26,a@example.org,Ada Moor,Hello,My abstract\n",
        ["Hello | Ada / Moor (a@example.org)"],
    ),
    "osem": (
        "Event ID,Event Title,Speakers,State,Scheduled Time,Duration,Room\n"
        "12,Hello,Ada Moor,confirmed,2027-05-11 09:00:00 UTC,45 minutes,Hall\n",
        ["Hello | 11 May 11:00–11:45 | Hall | Ada / Moor"],
    ),
    "eventyay": (
        "Session Title,Session Starts At,Session Ends At,Session Speakers,Speaker Email,Session State\n"
        'Hello (accepted),"May 11, 2027 09:00 +0200","May 11, 2027 09:45 +0200",Ada Moor; Bob Ray,'
        "a@example.org; b@example.org,accepted\n",
        ["Hello | 11 May 09:00–09:45 | Ada / Moor (a@example.org), Bob / Ray (b@example.org)"],
    ),
    "a calendar's moments, and a zone behind the time": (
        "Title,Start,End\nA,20270311T080000Z,20270311T090000Z\nB,2027-03-11 09:00 Europe/London,2027-03-11 10:00 "
        "Europe/London\nC,2027-03-11 9:00 GMT+1,2027-03-11 10:00 GMT+1\n",
        ["A | 11 Mar 09:00–10:00", "B | 11 Mar 10:00–11:00", "C | 11 Mar 09:00–10:00"],
    ),
    "numbers, saved on a mac: a table below its name, headings of days": (
        "Table 1;;;\nProgramme 2027;;;\n;;;\nZeit;Titel;Ort;Referent\nDonnerstag, 11. März 2027;;;\n"
        "9:00 – 9:45;Begrüßung;Saal 1;Ada Moor (ACME)\n10–11 Uhr;Vortrag;Saal 2;Moor, Ada\nFreitag, 12. März;;;\n"
        "9–10 Uhr;Zweiter;Saal 1;Ada Moor & Bob Ray\n",
        [
            "Begrüßung | 11 Mar 09:00–09:45 | Saal 1 | Ada / Moor (ACME)",
            "Vortrag | 11 Mar 10:00–11:00 | Saal 2 | Ada / Moor (ACME)",
            "Zweiter | 12 Mar 09:00–10:00 | Saal 1 | Ada / Moor (ACME), Bob / Ray",
        ],
    ),
    "french": (
        "Colloque 2027;;;;\nJour;Horaire;Intitulé;Lieu;Intervenant(e)s\n"
        "mercredi 3 février 2027;9h-9h45;Accueil, café;Hall;\n;9h45 – 10h30;Conférence;Amphi A;"
        "Mme Élodie LE GOFF (CNRS) et M. Jean Petit\n"
        "jeudi 4 février 2027;14h;Table ronde;Amphi B;Animée par Zoé Roy\n",
        [
            "Accueil, café | 03 Feb 09:00–09:45 | Hall",
            "Conférence | 03 Feb 09:45–10:30 | Amphi A | Élodie / LE GOFF (CNRS), Jean / Petit",
            "Table ronde | 04 Feb 14:00 | Amphi B | moderator: Zoé / Roy",
        ],
    ),
    "spanish": (
        "Fecha;Hora de inicio;Duración;Título de la charla;Ponente;Correo electrónico;Sala\n"
        "03/02/2027;9:00 a. m.;45 min;Inauguración;Dra. María García;m@example.org;A\n"
        '25/02/2027;10:30 p. m.;1 h 30;Panel: datos y ética;Juan Pérez y Ana Ruiz;"j@example.org, a@example.org";\n',
        [
            "Inauguración | 03 Feb 09:00–09:45 | A | María / García (m@example.org)",
            "Panel: datos y ética | 25 Feb 22:30–00:00 | Juan / Pérez (j@example.org), Ana / Ruiz (a@example.org)",
        ],
    ),
    "italian": (
        "Data\tOra d'inizio\tOra di fine\tTitolo sessione\tNome del relatore\tNome sala\n"
        "3 febbraio 2027\tore 9\tore 9.45\tBenvenuto\tdott.ssa Anna Bianchi\tA\n"
        "4 febbraio 2027\tore 14\tore 15\tAltro\tDe Luca, Marco\tB\n",
        ["Benvenuto | 03 Feb 09:00–09:45 | A | Anna / Bianchi", "Altro | 04 Feb 14:00–15:00 | B | Marco / De Luca"],
    ),
    "dutch, between bars": (
        "Dag|Van|Tot|Onderwerp|Naam spreker|Naam van de zaal\n"
        "ma 8 feb 2027|09:00|09:45|Welkom|Jan van der Berg (TU Delft)|1\ndi 9 feb 2027|9u30|10u15|Lunch||2\n",
        ["Welkom | 08 Feb 09:00–09:45 | 1 | Jan / van der Berg (TU Delft)", "Lunch | 09 Feb 09:30–10:15 | 2"],
    ),
    "portuguese": (
        "Data,Horário,Palestra,Palestrante(s),Instituição,Local\n"
        "15/02/2027,09h00 às 09h45,Abertura,João da Silva; Maria Souza,USP; UFRJ,Auditório\n",
        ["Abertura | 15 Feb 09:00–09:45 | Auditório | João / da Silva (USP), Maria / Souza (UFRJ)"],
    ),
    "a header in row 10": (
        "Our event;;;\n" + "Contact: x@example.org;;;\n" + ";;;\n" * 7 + "Titel;Beginn;Ende;Raum\n"
        "Hallo;11.03.2027 09:00;11.03.2027 10:00;A\n",
        ["Hallo | 11 Mar 09:00–10:00 | A"],
    ),
    "quotation marks of every kind": (
        'Title;Start;Room\n"He said ""hi""; then left";11.03.2027 09:00;A\n5" drives;11.03.2027 10:00;B\n',
        ['He said "hi"; then left | 11 Mar 09:00 | A', '5" drives | 11 Mar 10:00 | B'],
    ),
    "roles and companies in the cells of people": (
        "Title,Start,Speakers\n"
        'A,2027-03-11 09:00,"Moderator: Eve Lin\nPanel: Ada Moor, Bob Ray"\n'
        'B,2027-03-11 10:00,"Ada Moor, ACME Inc. and Bob Ray, MIT"\n'
        "C,2027-03-11 11:00,Moderated by Eve Lin; Sir Bob Ray OBE\n"
        "D,2027-03-11 12:00,Martin King Jr.\n",
        [
            "A | 11 Mar 09:00 | moderator: Eve / Lin, Ada / Moor (ACME Inc.), Bob / Ray (MIT)",
            "B | 11 Mar 10:00 | Ada / Moor (ACME Inc.), Bob / Ray (MIT)",
            "C | 11 Mar 11:00 | moderator: Eve / Lin, Bob / Ray (MIT)",
            "D | 11 Mar 12:00 | Martin / King Jr.",
        ],
    ),
    "a website's export, with its markup": (
        "Session,Start,Room,Speakers,Event Name\n"
        "R&amp;D in <em>anger</em>,2027-03-11 09:00,Salle d&#39;eau,<p>Ada Moor</p><p>Ren&eacute; Ray</p>,Summit\n"
        "Vector<T> & more,2027-03-11 10:00,,[Ada Moor](https://example.org/ada) &amp; **Eve Lin**,Summit\n",
        [
            "R&D in anger | 11 Mar 09:00 | Salle d'eau | Ada / Moor, René / Ray",
            "Vector<T> & more | 11 Mar 10:00 | Ada / Moor, Eve / Lin",
        ],
    ),
    "each row in quotes as a whole": (
        '"Title,Start,Room"\n"Hello ""you"",2027-03-11 09:00,Hall"\n\n"""Bye, all"",2027-03-11 10:00,Hall"\n',
        ['Hello "you" | 11 Mar 09:00 | Hall', "Bye, all | 11 Mar 10:00 | Hall"],
    ),
    "companies with their legal forms beside two names": (
        'Title,Start,Speakers,Company\nA,2027-03-11 09:00,"Ada Moor, Bob Ray","Acme, Inc., Globex, LLC"\n'
        'B,2027-03-11 10:00,Eve Lin,"Initech, Ltd."\n',
        [
            "A | 11 Mar 09:00 | Ada / Moor (Acme, Inc.), Bob / Ray (Globex, LLC)",
            "B | 11 Mar 10:00 | Eve / Lin (Initech, Ltd.)",
        ],
    ),
    "times of 24 hours without a colon, days with their number": (
        "Title,Date,Time\nA,Day 1 - 11 March 2027,0900-0945\nB,Day 2 - 12 March 2027,2300–2400\n",
        ["A | 11 Mar 09:00–09:45", "B | 12 Mar 23:00–00:00"],
    ),
    "swedish, whose header of times is told by its cells": (
        "Titel;Datum;Klockslag;Lokal\nVälkommen;2027-03-11;09.00–09.45;Stora salen\n",
        ["Välkommen | 11 Mar 09:00–09:45 | Stora salen"],
    ),
    "swedish, one person per row": (
        "Titel;Start;Slut;Sal;Förnamn;Efternamn;E-post;Företag\n"
        "Välkomna;2027-03-11 09:00;2027-03-11 09:45;Stora salen;Åsa;Öberg;a@example.org;KTH\n",
        ["Välkomna | 11 Mar 09:00–09:45 | Stora salen | Åsa / Öberg (KTH) (a@example.org)"],
    ),
    "norwegian": (
        "Tittel;Dato;Starttid;Sluttid;Rom;Foredragsholder;E-post\n"
        "Velkommen;11. mars 2027;kl. 9.00;kl. 9.45;Sal A;Kari Moen;k@example.org\n",
        ["Velkommen | 11 Mar 09:00–09:45 | Sal A | Kari / Moen (k@example.org)"],
    ),
    "finnish": (
        "Otsikko;Päivä;Alkaa;Päättyy;Sali;Puhuja;Sähköposti\n"
        "Avaus;11.3.2027;klo 9.00;klo 9.45;Sali A;Matti Aho;m@example.org\n",
        ["Avaus | 11 Mar 09:00–09:45 | Sali A | Matti / Aho (m@example.org)"],
    ),
    "korean": (
        "제목,날짜,시작,종료,장소,발표자\n개회식,2027-03-11,09:00,10:00,홀A,김철수\n",
        ["개회식 | 11 Mar 09:00–10:00 | 홀A | 김철수"],
    ),
    "swapcard, which begins and ends on dates of their own": (
        "Title,Beginning date,Beginning time,Ending date,Ending time\nCamp,2027-03-11,22:00,2027-03-12,10:00\n",
        ["Camp | 11 Mar 22:00–10:00"],
    ),
    "russian": (
        "Название;Начало;Конец;Зал;Докладчик\nОткрытие;11.03.2027 09:00;11.03.2027 09:45;Зал 1;Иван Петров\n",
        ["Открытие | 11 Mar 09:00–09:45 | Зал 1 | Иван / Петров"],
    ),
    "japanese": (
        "開始,終了,タイトル,講演者,会場\n2027年3月11日 9:00,2027年3月11日 9:45,開会の挨拶,山田 太郎,ホールA\n",
        ["開会の挨拶 | 11 Mar 09:00–09:45 | ホールA | 太郎 / 山田"],
    ),
    "polish": (
        "Data;Godzina rozpoczęcia;Godzina zakończenia;Tytuł;Sala;Prelegent;Firma\n"
        "4 marca 2027;9:00;9:45;Otwarcie;Aula;Łukasz Żółć;Święto\n"
        "piątek, 5 marca 2027 r.;godz. 10.00;10.45;Wykład: język;Aula;dr hab. Małgorzata Dąbrowska;"
        "Uniwersytet Łódzki\n",
        [
            "Otwarcie | 04 Mar 09:00–09:45 | Aula | Łukasz / Żółć (Święto)",
            "Wykład: język | 05 Mar 10:00–10:45 | Aula | Małgorzata / Dąbrowska (Uniwersytet Łódzki)",
        ],
    ),
    "turkish, in capitals": (
        "TARİH;BAŞLANGIÇ SAATİ;BİTİŞ SAATİ;BAŞLIK;SALON;KONUŞMACI;KURUM\n"
        "4 Mart 2027;09.00;09.45;Açılış konuşması;Büyük Salon;Ayşe Yılmaz;Boğaziçi Üniversitesi\n",
        ["Açılış konuşması | 04 Mar 09:00–09:45 | Büyük Salon | Ayşe / Yılmaz (Boğaziçi Üniversitesi)"],
    ),
    "japanese, with its own signs between names and around companies": (
        "時間\tタイトル\t登壇者\n2027年3月4日（木）\t\t\n9:00〜9:45\t開会\t山田 太郎（東京大学）、鈴木 一郎（NTT）\n"
        "１３時半～１４時\t発表\t佐藤 花子\n",
        [
            "開会 | 04 Mar 09:00–09:45 | 太郎 / 山田 (東京大学), 一郎 / 鈴木 (NTT)",
            "発表 | 04 Mar 13:30–14:00 | 花子 / 佐藤",
        ],
    ),
    "chinese": (
        "标题,开始时间,结束时间,地点,演讲者\n开幕式,2027-03-11 09:00,2027-03-11 09:45,大厅,王小明\n",
        ["开幕式 | 11 Mar 09:00–09:45 | 大厅 | 王小明"],
    ),
    "hebrew": (
        "כותרת,התחלה,סיום,אולם,מרצה\nפתיחה וברכות,11.03.2027 09:00,11.03.2027 10:00,אולם ראשי,דוד כהן\n",
        ["פתיחה וברכות | 11 Mar 09:00–10:00"],
    ),
    "greek": (
        "Τίτλος;Έναρξη;Λήξη\nΈναρξη συνεδρίου;13/3/2027 9:00;13/3/2027 10:00\n",
        ["Έναρξη συνεδρίου | 13 Mar 09:00–10:00"],
    ),
}  # fmt: skip
ENCODINGS = {
    "numbers, saved on a mac: a table below its name, headings of days": "mac_roman",
    "french": "cp1252",
    "spanish": "utf-16",
    "italian": "utf-16-be",
    "portuguese": "cp850",
    "swedish, whose header of times is told by its cells": "cp1252",
    "russian": "cp1251",
    "japanese": "cp932",
    "chinese": "gb18030",
    "hebrew": "cp1255",
    "greek": "cp1253",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_as_a_careful_reader_reads_it(name: str) -> None:
    text, lines = FILES[name]

    assert told(read(text.encode(ENCODINGS.get(name, "utf-8")))) == lines


def merged(*areas: str, rows: list[list[object]]) -> bytes:
    made = Workbook()
    assert made.active is not None
    for row in rows:
        made.active.append(row)
    for area in areas:
        made.active.merge_cells(area)
    return saved(made)


def test_fields_of_people_may_stand_below_whose_they_are() -> None:
    draft = read(
        merged(
            "B1:C1", "D1:E1",
            rows=[
                [None, "Speaker 1", None, "Speaker 2", None],
                ["Title", "Name", "Company", "Name", "Company"],
                ["Hello", "Ada Moor", "ACME", "Bob Ray", "MIT"],
            ],
        )
    )  # fmt: skip

    assert told(draft) == ["Hello | Ada / Moor (ACME), Bob / Ray (MIT)"]


def test_the_day_of_a_timetable_may_stand_within_its_title() -> None:
    draft = read(
        merged(
            "B4:C4",
            rows=[
                ["Programme 11 May 2027"],
                ["As of 3 March 2027"],
                ["Zeit", "Bühne 1", "Bühne 2"],
                ["09:00–09:30", "Eröffnung", None],
                ["09:30–10:15", "Eins\nEve Lin (ACME)", "Zwei\nBob Ray"],
            ],
        )
    )

    assert told(draft) == [
        "Eröffnung | 11 May 09:00–09:30 | Bühne 1",
        "Eins | 11 May 09:30–10:15 | Bühne 1 | Eve / Lin (ACME)",
        "Zwei | 11 May 09:30–10:15 | Bühne 2 | Bob / Ray",
    ]
    assert "Times without a day were taken for 11 May 2027, as the title says." in draft.notes


def test_numbers_of_a_workbook_that_have_lost_their_format_are_read_and_said() -> None:
    draft = read(
        workbook(
            ["Title", "Date", "Start", "Duration"],
            ["A", date(2027, 3, 11), 900, timedelta(minutes=50)],
            ["B", 20270312, 0.375, 0.03125],
            ["C", 46458, time(9), time(0, 45)],
        )
    )

    assert told(draft) == ["A | 11 Mar 09:00–09:50", "B | 12 Mar 09:00–09:45", "C | 12 Mar 09:00–09:45"]
    assert [(each.place.row, each.place.column) for each in draft.problems] == [
        (2, "Start"),
        (3, "Start"),
        (4, "Date"),
    ]


def test_a_midnight_is_a_time_where_its_column_tells_times() -> None:
    midnight = datetime(2027, 3, 12)
    draft = read(
        workbook(
            ["Title", "Date", "Starts", "Ends"],
            ["Party", midnight - timedelta(days=1), datetime(2027, 3, 11, 22), midnight],
            ["Sleep", midnight, None, datetime(2027, 3, 12, 8)],
        )
    )

    assert told(draft) == ["Party | 11 Mar 22:00–00:00", "Sleep | –08:00"]
    assert [each.message for each in draft.problems] == ["has a day and no time"]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("2027,9:00", "is a year, not a day"),
        (
            "Day 1,9:00",
            "names a day by its number or weekday: say which day is the first, or write its date in its place",
        ),
        ("03/04/2027,9:00", "can be 3 April 2027 or 4 March 2027"),
    ],
)
def test_a_day_that_nothing_tells_is_not_guessed(cells: str, message: str) -> None:
    draft = read(f"Title,Date,Start\nOpening,{cells}\n".encode())

    assert [each.message for each in draft.problems] == [message]
    assert draft.sessions[0].starts_at is None


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp1252", "windows-1252 (Western)"), ("cp850", "MS-DOS (850)")]
)
def test_in_which_older_letters_a_file_was_read_is_said(encoding: str, name: str) -> None:
    draft = read("Titel;Beginn\nBegrüßung über;2027-03-11 09:00\n".encode(encoding))

    assert draft.sessions[0].title == "Begrüßung über"
    assert [note.split("they were ")[1] for note in draft.notes] == [
        f"read as {name}. Where names look wrong, say how they are, or save it as “CSV UTF-8” or XLSX."
    ]


@pytest.mark.parametrize("day", ["", ",Day 2"])
def test_the_day_of_times_without_one_is_asked(day: str) -> None:
    text = f"Title,Start{',Date' if day else ''}\nOpening,9:00{day}\n"
    asked = read(text.encode())
    options = Options(timezone=ZONE.key, day=date(2027, 3, 11))

    assert asked.asks == {Question.DAY}
    assert told(read_draft(read_workbook(text.encode()), options)) == [
        f"Opening | {12 if day else 11} Mar 09:00"
    ]


@pytest.mark.parametrize(
    "sheets",
    [
        {
            "Speakers": [
                ["Speaker ID", "Name", "Email"],
                [10, "Ada Moor", "a@example.org"],
                [11, "Bob Ray", None],
            ],
            "Who": [
                ["Session ID", "Speaker ID", "Role"],
                [1, 10, "Moderator"],
                [1, 11, "Speaker"],
                [2, 11, None],
            ],
        },
        {
            "Speakers": [
                ["Name", "Email", "Session ID", "Speaker type"],
                ["Ada Moor", "a@example.org", 1, "Moderator"],
                ["Bob Ray", None, "1, 2", "Speaker"],
            ],
        },
    ],
)
def test_who_is_on_which_session_may_stand_on_another_sheet(sheets: dict[str, list[list[object]]]) -> None:
    draft = read(workbook(["Session ID", "Title", "Room"], [1, "Hello", "A"], [2, "Bye", "B"], **sheets))

    assert told(draft) == [
        "Hello | A | moderator: Ada / Moor (a@example.org), Bob / Ray",
        "Bye | B | Bob / Ray",
    ]
    assert draft.problems == [] and len(draft.people) == 2


def test_an_id_of_nobody_on_another_sheet_is_said() -> None:
    draft = read(
        workbook(
            ["Session ID", "Title"], [1, "Hello"],
            Speakers=[["Speaker ID", "Name", "Email"], [10, "Ada Moor", "a@example.org"]],
            Who=[["Session ID", "Speaker ID"], [1, 12], [9, 10]],
        )
    )  # fmt: skip

    assert [(each.place.sheet, each.place.row, each.value) for each in draft.problems] == [
        ("Who", 2, "12"),
        ("Who", 3, "9"),
    ]
