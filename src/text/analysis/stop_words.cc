#include "text/analysis/stop_words.h"

namespace levee::text {
namespace {

struct Language {
  std::string_view name, words;
};

// Articles, pronouns, prepositions, conjunctions and the forms of to be and to have; without diacritics, as tokens are.
constexpr Language kLanguages[] = {
    {"danish", "af alle at da de dem den denne der deres det dette dig din dog du efter eller en end er et for fra ham han "
               "har havde have hende her hun hvad hvor i ikke ind jeg jer man med men mig min mod ned nogle nu og om op os "
               "over pa sa sig sin skal som til ud under var vi vil"},
    {"dutch", "aan al als bij dan dat de der des deze die dit door een en er had heb hebben heeft het hij hoe hun ik in is "
              "je kan maar me men met mij mijn na naar niet nog nu of om omdat onder ons ook op over te tegen tot u uit "
              "van voor waar was wat we wel wie wij ze zich zij zijn zo zou"},
    {"english", "a about after all am an and any are as at be because been before being but by can could did do does for "
                "from had has have he her here him his how i if in into is it its just me more most my no nor not of off "
                "on once only or other our out over own same she should so some such than that the their them then there "
                "these they this those through to too under until up very was we were what when where which while who "
                "whom why will with would you your"},
    {"finnish", "ei en eli ette hanen han he heidan hyvin itse ja jo joka jos jotka kaikki kanssa keta koska kuin kuka "
                "kun me mika minka mina minun mita mukaan mutta muut myos ne niin niita nyt ole oli olla on ovat se sen "
                "sina sinun sita siten sitten ta tai tama tassa tata te vaan vai vaikka voi"},
    {"french", "a ai au aux avec c ce ces cette d dans de des du elle elles en est et eux il ils j je l la le les leur "
               "leurs lui m ma mais me mes meme moi mon n ne nos notre nous on ont ou par pas pour qu que qui s sa se ses "
               "si son sont sur t ta te tes toi ton tu un une vos votre vous y"},
    {"german", "aber alle als also am an auch auf aus bei bin bis bist da damit dann das dass dein dem den der des die dies "
               "diese doch dort du durch ein eine einem einen einer eines er es euch fur hat hatte hier ich ihm ihn ihr "
               "ihre im in ist ja kann kein konnen man mein mich mir mit nach nicht noch nun nur ob oder ohne sehr sein "
               "seine sich sie sind so uber um und uns unter vom von vor war was weil wenn wer wie wir wird zu zum zur"},
    {"italian", "a ad ai al alla alle anche che chi ci come con cui da dai dal dalla degli dei del della delle di dove e ed "
                "era gli ha hanno ho i il in io la le lei lo loro lui ma mi mia mio ne negli nei nel nella noi non o per "
                "perche piu quando quella quello questa questo se si sia sono su sua sul sulla suo ti tra tu un una uno vi voi"},
    {"norwegian", "alle at av bare da de deg dem den denne der deres det dette din du eller en er et etter for fra ha hadde "
                  "han hans har hennes her hun hva hvor i ikke jeg kan man med meg men mot na ned noe nar og om opp oss over "
                  "pa sa seg sin skal som til under ut var ved vi vil"},
    {"portuguese", "a ao aos as ate com como da das de dela dele do dos e ela elas ele eles em entre era essa esse esta este "
                   "eu foi ha isso isto ja lhe mais mas me mesmo meu minha muito na nao nas nem no nos o os ou para pela "
                   "pelo por qual quando que quem se sem ser seu so sua tambem te tem um uma voce"},
    {"russian", "а без более бы был была были было быть в вам вас весь во вот все вы где да даже для до его ее если есть еще "
                "же за здесь и из или им их к как ко когда кто ли либо мне может мы на надо наш не него нее нет ни них но "
                "ну о об она они оно от очень по под при с со так также такой там то того тоже той только том ты у уже хотя "
                "чего чей чем что чтобы эта эти это я"},
    {"spanish", "a al algo ante antes como con contra cual cuando de del desde donde dos e el ella ellas ellos en entre era "
                "es esa ese eso esta este esto fue ha han hasta hay la las le les lo los mas me mi mucho muy nada ni no nos o "
                "os otra otro para pero poco por porque que quien se ser si sin sobre son su sus tambien te ti tu tus un una "
                "uno unos y ya yo"},
    {"swedish", "alla att av blev bli da de dem den denna det detta dig din du efter ej eller en er ett fran for ha hade han "
                "hans har henne hennes hon hur i icke in inte jag kan man med men mig min mot nar ni nu och om oss pa sa sig "
                "sin ska som till under upp ut utan vad var vara vi vid vilken"},
};

}  // namespace

Result<std::string_view> StopWordsOf(std::string_view language) {
  std::string known;
  for (const Language& candidate : kLanguages) {
    if (candidate.name == language) return candidate.words;
    known.append(known.empty() ? "" : ", ").append(candidate.name);
  }
  return Fail(ErrorCode::kInvalidArgument, "stop words", "there are none for \"" + std::string(language) + '"',
              "one of none, " + known);
}

std::vector<std::string> StopWordLanguages() {
  std::vector<std::string> languages;
  for (const Language& language : kLanguages) languages.emplace_back(language.name);
  return languages;
}

}  // namespace levee::text
