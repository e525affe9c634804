//! Which forms meet, language by language, and which words and names stay apart.

use super::words_with_forms;
use crate::words::words;

/// Pairs that must meet, either asked for the other. A pair after `!` does not: what changes within the word, and short words.
const MEET: &str = "
de | Rechnung Rechnungen; Vertrag Verträge; Vertrag Verträgen; Termin Termine; Termin Terminen; Angebot Angebote; Angebot Angeboten; \
Kunde Kunden; Kundin Kundinnen; Lizenz Lizenzen; Preis Preise; Preis Preisen; Lieferung Lieferungen; Frage Fragen; Antwort Antworten; \
Bericht Berichte; Bericht Berichten; Frist Fristen; Besprechung Besprechungen; Ergebnis Ergebnisse; Adresse Adressen; Nummer Nummern; \
Firma Firmen; Zentrum Zentren; Konto Konten; Artikel Artikeln; Mitarbeiter Mitarbeitern; Unterlage Unterlagen; offene offenen; \
offener offenes; bezahlt bezahlen; liefern liefert; bestätigt bestätigen; !Buch Bücher; !neuer neue
fr | facture factures; contrat contrats; réunion réunions; offre offres; client clients; client cliente; date dates; licence licences; \
prix prix; livraison livraisons; question questions; réponse réponses; rapport rapports; délai délais; journal journaux; bureau bureaux; \
local locaux; vendeur vendeuse; sérieux sérieuse; actif active; premier première; confirmer confirmé; confirmer confirmez; \
confirmée confirmer; fournir fournis; !payer payé; nouveau nouveaux; signé signée
es | factura facturas; contrato contratos; reunión reuniones; oferta ofertas; cliente clientes; fecha fechas; licencia licencias; \
precio precios; entrega entregas; pregunta preguntas; respuesta respuestas; informe informes; plazo plazos; presupuesto presupuestos; \
proveedor proveedores; proveedor proveedora; adjunto adjunta; firmado firmadas; confirmar confirmado; confirmada confirmar; !pagar pagado; \
sucursal sucursales; pedido pedidos
it | fattura fatture; contratto contratti; riunione riunioni; offerta offerte; cliente clienti; licenza licenze; prezzo prezzi; \
consegna consegne; domanda domande; risposta risposte; relazione relazioni; scadenza scadenze; banca banche; obbligo obblighi; \
fornitore fornitori; nuovo nuova; firmato firmata; firmati firmare; confermare confermato; ordine ordini; servizio servizi; \
tecnico tecnici; pacco pacchi
nl | factuur facturen; contract contracten; vergadering vergaderingen; offerte offertes; klant klanten; datum datums; \
licentie licenties; prijs prijzen; levering leveringen; vraag vragen; antwoord antwoorden; rapport rapporten; termijn termijnen; \
afspraak afspraken; brief brieven; mogelijkheid mogelijkheden; overeenkomst overeenkomsten; bedrag bedragen; verslag verslagen; \
bevestigen bevestigt; nieuwe nieuw
pt | fatura faturas; contrato contratos; reunião reuniões; oferta ofertas; cliente clientes; data datas; licença licenças; \
preço preços; entrega entregas; pergunta perguntas; resposta respostas; relatório relatórios; prazo prazos; mensagem mensagens; \
fornecedor fornecedores; filial filiais; assinado assinada; confirmar confirmado; opção opções; papel papéis; alemães alemão; \
ordem ordens; condição condições
";

/// Names and words that must stay apart, as far as today's endings keep them apart, whichever is asked for.
const APART: &str = "
Petersen Peters; Petersen Peter; Janssen Jansen; Bakker Bakk; Costa Coste; Costas Coste; Rossi Rosso; Rossi Rosse; Rosso Rosse; \
Maria Marie; Maria Mario; Marie Mario; Martin Martino; Martin Martina; Martino Martina; Paolo Paola; Ferrari Ferraro; Ferrari Ferrero; \
Bianchi Bianco; Marini Marino; Roberto Roberta; Antonio Antonia; Francesco Francesca; Alessandro Alessandra; Fernando Fernanda; \
Hansen Hans; Clausen Claus; Klaus Klausen; Andresen Andres; Holst Holsten; Stein Steiner; Berg Berger; Berg Bergen; Koch Kocher; \
Jan Janssen; Franz Franzen; Joost Joosten; Lind Linden; Schmid Schmider; Weber Web; Fischer Fisch; Richter Richt; Lombardi Lombardo; \
Johan Johanna; Christian Christiane; Christian Christina; Silva Silvio; Moreno Morena; Romano Romani; Greco Greci; Conti Conte; \
Messe Messer; Kosten Kost; pagare pagina; caso casa; porte porto; port porto; news new; caring car; caring care; \
Leiter Leitung; Lieferung Lieferant; Vertrag Vertreter; plan plane; import importe; planta planeta; hotel hostel; costa costo
";

fn meets(asked: &str, written: &str) -> bool {
    let written = words(written);
    words_with_forms(asked)
        .iter()
        .any(|(token, forms)| written.iter().any(|word| word == token || forms.contains(word)))
}

#[test]
fn forms_of_one_word_meet() {
    let mut missed = Vec::new();
    // All pairs, those that meet, and those that meet by English endings alone.
    let mut count = [0; 3];
    for line in MEET.trim().lines() {
        let (language, pairs) = line.split_once(" | ").unwrap();
        let pairs: Vec<&str> = pairs.split(';').map(str::trim).collect();
        assert!(pairs.len() >= 12, "{language}");
        for pair in pairs {
            let (pair, expect) = pair.strip_prefix('!').map_or((pair, true), |pair| (pair, false));
            let (a, b) = pair.split_once(' ').unwrap();
            let by_english = words(a) == words(b);
            let more = [true, expect, by_english].map(usize::from);
            count.iter_mut().zip(more).for_each(|(count, more)| *count += more);
            for (asked, written) in [(a, b), (b, a)] {
                if meets(asked, written) != expect {
                    missed.push(format!("{language}: {asked} {written} should be {expect}"));
                }
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    assert_eq!(count, [153, 149, 54]);
}

#[test]
fn names_and_other_words_stay_apart() {
    let mut met = Vec::new();
    for pair in APART.trim().split(';').map(str::trim) {
        let (a, b) = pair.split_once(' ').unwrap();
        for (asked, written) in [(a, b), (b, a)] {
            if meets(asked, written) && words(a) != words(b) {
                met.push(format!("{asked} finds {written}"));
            }
        }
    }
    assert!(met.is_empty(), "{met:#?}");
}
